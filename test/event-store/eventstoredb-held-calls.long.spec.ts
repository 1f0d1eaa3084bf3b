import { once } from 'node:events';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NO_STREAM, StoreUnavailable } from '../../src/event-store/event-store.js';
import { Arrivals } from '../../src/event-store/eventstoredb-arrivals.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { Follower } from '../support/eventstoredb/follower.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered, streamOf } from '../support/log.js';
import { until } from '../support/views.js';

let peer: Peer;
let store: EventStoreDbEventStore;
/** Every client that the store has made. */
let clients: EventStoreDBClient[];

beforeEach(async () => {
  clients = [];
  const make = EventStoreDBClient.connectionString.bind(EventStoreDBClient);
  jest.spyOn(EventStoreDBClient, 'connectionString').mockImplementation((text) => {
    const client = make(text);
    clients.push(client);
    return client;
  });
  peer = await Peer.start();
  store = EventStoreDbEventStore.open(peer.url, { patienceMs: 5_000, heartbeatMs: 200 });
});
afterEach(async () => {
  await store.close();
  await peer.stop();
  jest.restoreAllMocks();
});

/** The calls that the clients still hold, and end one by one when the connection is lost. */
function held(): unknown[] {
  return clients.flatMap((client) => {
    const calls: unknown = Reflect.get(client, 'disposableStreams');
    if (!isIterable(calls)) throw new Error('The client holds its calls in another place');
    return [...calls];
  });
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

const nothingIsHeld = () => until(() => held().length === 0);

async function leaveAfterOnePage(stream: string): Promise<void> {
  for await (const page of store.readStream(stream, NO_STREAM)) if (page.length > 0) return;
}

describe('A read is let go of', () => {
  it.each([0, 1, 32, 500, 501, 3_000])(
    'when it is left after its first page, of %i events',
    async (count) => {
      if (count > 0) peer.append('s', numbered(count));
      await leaveAfterOnePage('s');
      await nothingIsHeld();
      await peer.until(() => peer.calls.open === 0);
    },
  );

  it('when it is left while events wait of which the server has sent the last one', async () => {
    peer.append('s', numbered(8));
    const call = clients[0]?.readStream('s', {}, { highWaterMark: 1 });
    if (!call) throw new Error('There is no client');
    const arrivals = new Arrivals(call, 1, () => undefined);
    await until(() => held().length === 1);
    await once(held()[0] as NodeJS.EventEmitter, 'status');
    expect(arrivals.isEmpty).toBe(false);
    arrivals.stop();
    await nothingIsHeld();
  });

  it.each([0, 1, 3_000])('when it has come to its end, after %i events', async (count) => {
    if (count > 0) peer.append('s', numbered(count));
    expect(await streamOf(store, 's')).toHaveLength(count);
    await nothingIsHeld();
  });

  it('when its reader fails', async () => {
    peer.append('s', numbered(1));
    const read = async () => {
      for await (const page of store.readStream('s', NO_STREAM)) throw new Error(`full at ${page.length}`);
    };
    await expect(read()).rejects.toThrow('full at 1');
    await nothingIsHeld();
  });

  it.each(['hang', 'unavailable', { cutAfter: 100 }] as const)('when it fails (%j)', async (fault) => {
    peer.append('s', numbered(3_000));
    peer.nextReads(fault);
    await expect(streamOf(store, 's')).rejects.toThrow(StoreUnavailable);
    await nothingIsHeld();
  });

  it('when it is one of many that wait for a server that is away', async () => {
    await peer.down();
    for (let round = 0; round < 20; round += 1)
      await expect(streamOf(store, 's')).rejects.toThrow(StoreUnavailable);
    await nothingIsHeld();
  });
});

it('A subscription is let go of when it is stopped, with events that nobody has taken', async () => {
  peer.append('a-1', numbered(5_000));
  const follower = new Follower(store, undefined, () => void follower.stop());
  await follower.ended;
  await nothingIsHeld();
  await peer.until(() => peer.calls.open === 0);
});

it('After outages the client holds the subscription and the stream of appends, no more, with few listeners', async () => {
  await store.logId();
  let follower = new Follower(store);
  for (let round = 0; round < 15; round += 1) {
    // What is left early: the look for the identity of the log, as another store does it.
    const other = EventStoreDbEventStore.open(peer.url);
    await other.logId();
    await other.close();
    await peer.down();
    await expect(store.append(`s-${round}`, NO_STREAM, numbered(1))).rejects.toThrow(StoreUnavailable);
    await follower.ended;
    await peer.up();
    follower = new Follower(store);
    await until(() => follower.saysCaughtUp);
  }
  await store.append('s', NO_STREAM, numbered(1));
  await until(() => held().length === 2);
  for (const call of held()) {
    const listeners = (call as NodeJS.EventEmitter).eventNames().map((name) => {
      return (call as NodeJS.EventEmitter).listenerCount(name);
    });
    expect(Math.max(...listeners)).toBeLessThan(6);
  }
  await follower.stop();
});
