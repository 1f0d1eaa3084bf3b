import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  NO_STREAM,
  type ProposedEvent,
  StoreUnavailable,
  StoreUnusable,
} from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { BlackHole } from '../support/eventstoredb/black-hole.js';
import { Cluster } from '../support/eventstoredb/cluster.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { idsOf, numbered, streamOf } from '../support/log.js';

let peer: Peer;
let store: EventStoreDbEventStore;
afterEach(async () => {
  await store.close();
  await peer.stop();
});

describe('One client in a process', () => {
  beforeEach(async () => {
    peer = await Peer.start();
    store = EventStoreDbEventStore.open(peer.url);
  });

  it('is shared by all stores of the same connection string, and outlives all but the last', async () => {
    const other = EventStoreDbEventStore.open(peer.url);
    await Promise.all([store.append('s', NO_STREAM, numbered(1)), other.append('t', NO_STREAM, numbered(1))]);
    expect(peer.calls.open).toBe(1);
    await other.close();
    await expect(other.append('t', 0, numbered(1))).rejects.toThrow(StoreUnavailable);
    await store.append('s', 0, numbered(1));
    expect(peer.calls.open).toBe(1);
    await store.close();
    await peer.until(() => peer.calls.open === 0);
  });

  it('appends to one EventStoreDB only, but reads others', async () => {
    const second = await Peer.start();
    const other = EventStoreDbEventStore.open(second.url);
    await store.append('s', NO_STREAM, numbered(1));
    const refused = other.append('s', NO_STREAM, numbered(1));
    await expect(refused).rejects.toThrow(StoreUnusable);
    await expect(refused).rejects.toThrow('This process appends to another EventStoreDB already');
    second.append('s', numbered(3));
    expect(await streamOf(other, 's')).toHaveLength(3);
    expect(second.appends.received).toBe(0);
    await store.close();
    await other.append('t', NO_STREAM, numbered(1));
    await other.close();
    await second.stop();
  });
});

describe('In a cluster', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await Cluster.start();
    peer = cluster.first;
    store = EventStoreDbEventStore.open(cluster.url, { patienceMs: 2_000 });
  });
  afterEach(() => cluster.stop());
  const stored = (stream: string) => peer.log.of(stream).map(({ id }) => id);
  /** The first attempt fails when the connection has gone, the second finds the leader. */
  const persist = (stream: string, events: readonly ProposedEvent[]) =>
    store.append(stream, NO_STREAM, events).catch(() => store.append(stream, NO_STREAM, events));

  it('appends and reads follow the leader', async () => {
    const { first, second } = cluster;
    await store.append('s', NO_STREAM, numbered(1));
    expect(first.appends.received).toBe(1);
    cluster.lead(second);
    const events = numbered(1);
    await expect(store.append('s', 0, events)).rejects.toThrow(StoreUnavailable);
    await store.append('s', 0, events);
    expect([first.appends.received, second.appends.received]).toEqual([1, 1]);
    cluster.lead(first);
    await expect(streamOf(store, 's')).rejects.toThrow(StoreUnavailable);
    expect(await streamOf(store, 's')).toHaveLength(2);
    expect([first.reads.of('s'), second.reads.of('s')]).toEqual([1, 0]);
  });

  it('appends wait out an election and the loss of the leader', async () => {
    const events = numbered(1);
    cluster.lead(undefined);
    await expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
    cluster.lead(cluster.first);
    await persist('s', events);
    await cluster.first.down();
    cluster.lead(cluster.second);
    await persist('t', events);
    expect([stored('s'), stored('t')]).toEqual([idsOf(events), idsOf(events)]);
    expect(cluster.second.appends.received).toBe(1);
  });
});

it('A server that takes connections and never says a word is left with none of those that were given up', async () => {
  peer = await Peer.start();
  const hole = await BlackHole.before(peer.port);
  store = EventStoreDbEventStore.open(hole.url, { patienceMs: 300 });
  hole.open();
  for (let times = 0; times < 4; times += 1)
    await expect(streamOf(store, 's')).rejects.toThrow(StoreUnavailable);
  await hole.untilAtMost(1);
  await store.close();
  await hole.untilAtMost(0);
  await hole.remove();
});
