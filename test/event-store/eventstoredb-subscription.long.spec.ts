import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { Follower } from '../support/eventstoredb/follower.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { unavailable } from '../support/eventstoredb/failure.js';
import { gate } from '../support/execute.js';
import { idsOf, numbered } from '../support/log.js';
import { until } from '../support/views.js';

let peer: Peer;
let store: EventStoreDbEventStore;
beforeEach(async () => {
  peer = await Peer.start();
  store = EventStoreDbEventStore.open(peer.url, { patienceMs: 1_000, heartbeatMs: 100 });
});
afterEach(async () => {
  await store.close();
  await peer.stop();
});

/** Appends as another writer, and gives the ids. */
function written(stream: string, count: number): string[] {
  const events = numbered(count);
  peer.append(stream, events);
  return idsOf(events);
}

describe('A subscription that is lost', () => {
  it.each<[string, () => unknown]>([
    ['because it was dropped', () => peer.subscriptions.drop()],
    ['because it came to an end', () => peer.subscriptions.end()],
    ['because the connection was cut', () => peer.cut()],
    ['because the server went down', () => peer.down()],
    ['because an append of the same process lost the connection', () => loseConnection()],
  ])('%s says so, and is resumed without a gap', async (_, lose) => {
    const ids = written('a-1', 3);
    const first = new Follower(store);
    await until(() => first.saysCaughtUp && first.ids.length === 3);
    await lose();
    expect(await first.ended).toBeInstanceOf(StoreUnavailable);
    ids.push(...written('a-1', 3));
    if (!peer.alive) await peer.up();
    const second = new Follower(store, first.position);
    ids.push(...written('a-2', 2));
    await until(() => first.ids.length + second.ids.length === ids.length);
    expect([...first.ids, ...second.ids]).toEqual(ids);
    await second.stop();
    await peer.until(() => peer.subscriptions.open === 0);
  });

  it('at its beginning says so', async () => {
    peer.subscriptions.refusals.push(unavailable());
    expect(await new Follower(store).ended).toBeInstanceOf(StoreUnavailable);
    await peer.down();
    expect(await new Follower(store).ended).toBeInstanceOf(StoreUnavailable);
    await peer.up();
    const ids = written('a-1', 1);
    const follower = new Follower(store);
    await until(() => follower.ids.length === 1);
    expect(follower.ids).toEqual(ids);
    await follower.stop();
  });

  it('has brought what came before, also to a reader that was slow', async () => {
    const ids = written('a-1', 1_200);
    const { opened, open } = gate();
    const follower = new Follower(store, undefined, () => opened);
    await until(() => follower.deliveries.length === 1);
    peer.subscriptions.drop();
    open();
    expect(await follower.ended).toBeInstanceOf(StoreUnavailable);
    expect(follower.ids).toEqual(ids.slice(0, follower.ids.length));
    const rest = new Follower(store, follower.position);
    await until(() => rest.ids.length === ids.length - follower.ids.length);
    expect([...follower.ids, ...rest.ids]).toEqual(ids);
    await rest.stop();
  });
});

describe('A subscription that stalls', () => {
  it('lives as long as the server answers otherwise and has nothing for it, and says so', async () => {
    const follower = new Follower(store);
    await until(() => follower.saysCaughtUp);
    peer.subscriptions.stall();
    peer.append('other-1', numbered(3));
    const said = follower.deliveries.length;
    await until(() => follower.deliveries.length >= said + 4);
    expect(follower.deliveries.slice(said)).toContainEqual({
      events: [],
      position: undefined,
      isCaughtUp: true,
    });
    peer.subscriptions.resume();
    const ids = written('a-1', 1);
    await until(() => follower.ids.length === 1);
    expect(follower.ids).toEqual(ids);
    await follower.stop();
    await peer.until(() => peer.calls.open === 0);
  });

  it('is given up when the log has something for it, however well the server answers otherwise', async () => {
    const follower = new Follower(store);
    await until(() => follower.saysCaughtUp);
    peer.subscriptions.stall();
    written('a-1', 1);
    const lost = await follower.ended;
    expect(lost).toBeInstanceOf(StoreUnavailable);
    expect(String(lost)).toContain('does not bring what EventStoreDB holds');
  });

  it.each(['hang', 'unavailable'] as const)(
    'is given up when the server does not answer otherwise: %s',
    async (fault) => {
      const follower = new Follower(store);
      await until(() => follower.saysCaughtUp);
      peer.subscriptions.stall();
      peer.nextReads(fault);
      expect(await follower.ended).toBeInstanceOf(StoreUnavailable);
      await peer.until(() => peer.calls.open === 0);
    },
  );
});

describe('A subscription', () => {
  it('may give an event twice, each time at its place', async () => {
    peer.subscriptions.twice = true;
    const ids = written('a-1', 3);
    const follower = new Follower(store);
    await until(() => follower.ids.length === 6);
    expect([...new Set(follower.ids)]).toEqual(ids);
    expect(follower.deliveries.flatMap(({ events }) => events.map(({ revision }) => revision))).toEqual([
      ...[0, 0, 1, 1, 2, 2],
    ]);
    await follower.stop();
  });

  it('waits for a slow reader, and neither loses nor hurries', async () => {
    const ids = written('a-1', 5_000);
    const { opened, open } = gate();
    const follower = new Follower(store, undefined, () => opened);
    await until(() => follower.deliveries.length === 1);
    ids.push(...written('a-2', 100));
    open();
    await until(() => follower.ids.length === ids.length);
    expect(follower.ids).toEqual(ids);
    expect(Math.max(...follower.deliveries.map(({ events }) => events.length))).toBeLessThanOrEqual(500);
    expect(peer.subscriptions.requests).toHaveLength(1);
    await follower.stop();
  });

  it('that is stopped ends its call at the server, whatever it does just then', async () => {
    await new Follower(store).stop();
    written('a-1', 2_000);
    const busy: Follower = new Follower(store, undefined, () => void busy.stop());
    await busy.ended;
    const idle = new Follower(store);
    await until(() => idle.saysCaughtUp);
    expect(await idle.stop()).toBeUndefined();
    await peer.until(() => peer.calls.open === 0 && peer.subscriptions.open === 0);
  });

  it('ends with its store', async () => {
    const follower = new Follower(store);
    await until(() => follower.saysCaughtUp);
    await store.close();
    expect(await follower.ended).toBeUndefined();
    await peer.until(() => peer.calls.open === 0);
  });
});

async function loseConnection(): Promise<void> {
  peer.nextAppends('unavailable');
  await expect(store.append('a-3', -1, numbered(1))).rejects.toThrow(StoreUnavailable);
}
