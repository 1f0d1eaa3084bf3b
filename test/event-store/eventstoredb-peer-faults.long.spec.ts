import { type AppendResult, EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unavailable } from '../support/eventstoredb/failure.js';
import { type AppendFault } from '../support/eventstoredb/faults.js';
import { Peer, type PeerOptions } from '../support/eventstoredb/peer.js';
import { numbered } from '../support/log.js';

let peer: Peer;
let client: EventStoreDBClient;

async function start(options: PeerOptions = {}): Promise<void> {
  peer = await Peer.start(options);
  client = EventStoreDBClient.connectionString(peer.url);
}
afterEach(async () => {
  await client.dispose();
  await peer.stop();
});

const events = [jsonEvent({ type: 'Made', data: {} })];
const append = (): Promise<AppendResult> =>
  client.appendToStream('s', events, { expectedRevision: NO_STREAM });
const stored = () => peer.log.of('s').length;

describe.each([true, false])('an append goes wrong, with BatchAppend %s:', (batchAppend) => {
  beforeEach(() => start({ batchAppend }));

  it.each<[AppendFault, string, number]>([
    ['lose', 'unavailable', 0],
    ['take-and-lose', 'unavailable', 1],
    ['unavailable', 'unavailable', 0],
    ['take-and-unavailable', 'unavailable', 1],
    ['timeout', batchAppend ? 'deadline-exceeded' : 'timeout', 0],
    ['take-and-timeout', batchAppend ? 'deadline-exceeded' : 'timeout', 1],
    ['not-ready', batchAppend ? 'unknown' : 'unavailable', 0],
    ['access-denied', 'access-denied', 0],
  ])('%s is the error %s with %d events stored; its repeat is exact', async (fault, type, count) => {
    peer.nextAppends(fault);
    await expect(append()).rejects.toMatchObject({ type });
    expect(stored()).toBe(count);
    expect(await append()).toMatchObject({ nextExpectedRevision: 0n });
    expect(stored()).toBe(1);
    expect(peer.appends.received).toBe(2);
  });

  it.each<[AppendFault, number]>([
    ['ignore', 0],
    ['swallow', 1],
  ])('%s gives no answer, %d events stored, and others go on', async (fault, count) => {
    peer.nextAppends(fault);
    const silent = append();
    await peer.until(() => peer.appends.received === 1);
    await client.appendToStream('t', events);
    expect(stored()).toBe(count);
    peer.cut();
    await expect(silent).rejects.toMatchObject({ type: 'unavailable' });
    expect(await append()).toMatchObject({ nextExpectedRevision: 0n });
    expect(stored()).toBe(1);
  });

  it('waits before its effect or before its answer', async () => {
    const before = peer.holdAppend();
    const first = append();
    await before.reached;
    expect(stored()).toBe(0);
    before.release();
    expect(await first).toMatchObject({ success: true });
    const after = peer.holdAppend('answer');
    const second = client.appendToStream('s', jsonEvent({ type: 'Made', data: {} }));
    await after.reached;
    expect(stored()).toBe(2);
    after.release();
    expect(await second).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('takes effect late, when its connection is long gone', async () => {
    const hold = peer.holdAppend();
    const late = append();
    await hold.reached;
    peer.cut();
    await expect(late).rejects.toMatchObject({ type: 'unavailable' });
    expect(stored()).toBe(0);
    hold.release();
    await peer.until(() => stored() === 1);
  });
});

describe('a batch stream that ends with OK', () => {
  beforeEach(() => start());

  it('leaves the append without an answer and without effect', async () => {
    peer.nextAppends('end');
    const answered = append().then(
      () => true,
      () => true,
    );
    await peer.until(() => peer.appends.received === 1 && peer.calls.open === 0);
    const silence = client.readStream('none')[Symbol.asyncIterator]().next();
    await expect(silence).rejects.toMatchObject({ type: 'stream-not-found' });
    expect(await Promise.race([answered, Promise.resolve(false)])).toBe(false);
    expect(stored()).toBe(0);
    // The client never notices: its later appends hang too, and its disposal would wait for ever.
    client = EventStoreDBClient.connectionString(peer.url);
  });
});

describe('the whole peer', () => {
  beforeEach(() => start());

  it('goes down with its connections and comes back on its port with its log', async () => {
    await append();
    const { port } = peer;
    await peer.down();
    expect(peer.calls.open).toBe(0);
    await expect(append()).rejects.toMatchObject({ code: 14 });
    await peer.up();
    expect(peer.port).toBe(port);
    expect(await append()).toMatchObject({ nextExpectedRevision: 0n });
    expect(stored()).toBe(1);
  });
});

describe('reads go wrong:', () => {
  beforeEach(async () => {
    await start();
    peer.append('s', numbered(5));
  });
  const read = async (seen: bigint[] = []) => {
    for await (const { event } of client.readStream('s')) seen.push(event?.revision ?? -1n);
    return seen;
  };

  it('one hangs until it is cancelled', async () => {
    peer.nextReads('hang');
    const stream = client.readStream('s');
    await peer.until(() => peer.reads.of('s') === 1);
    await stream.cancel();
    await peer.until(() => peer.reads.cancelled === 1);
    expect(await read()).toHaveLength(5);
    expect(peer.reads.cancelled).toBe(1);
  });

  it('one fails, one is cut after some events, and the next succeeds', async () => {
    peer.nextReads('unavailable', { cutAfter: 2 });
    await expect(read()).rejects.toMatchObject({ type: 'unavailable' });
    const seen: bigint[] = [];
    await expect(read(seen)).rejects.toMatchObject({ type: 'unavailable' });
    expect([[], [0n], [0n, 1n]]).toContainEqual(seen);
    expect(await read()).toHaveLength(5);
    expect(peer.reads.cancelled).toBe(0);
  });

  it('one waits, and sees what was appended meanwhile', async () => {
    const hold = peer.holdRead();
    const reading = read();
    await hold.reached;
    peer.append('s', numbered(1, 5));
    hold.release();
    expect(await reading).toHaveLength(6);
  });
});

describe('subscriptions go wrong:', () => {
  beforeEach(async () => {
    await start();
    peer.append('s', numbered(2));
  });

  /** Subscribes, and runs `misbehave` when it is live; resolves to the revisions of `s` it was given. */
  async function follow(misbehave: () => void): Promise<bigint[]> {
    const seen: bigint[] = [];
    const subscription = client.subscribeToAll({ fromPosition: START });
    subscription.on('caughtUp', misbehave);
    try {
      for await (const { event } of subscription)
        if (event?.streamId === 's' && seen.push(event.revision) === 6) break;
    } finally {
      await subscription.unsubscribe();
    }
    return seen;
  }

  it('they are dropped', async () => {
    await expect(follow(() => peer.subscriptions.drop())).rejects.toMatchObject({ type: 'unavailable' });
  });

  it('they are refused', async () => {
    peer.subscriptions.refusals.push(unavailable());
    await expect(follow(() => undefined)).rejects.toMatchObject({ type: 'unavailable' });
    expect(peer.subscriptions.requests).toEqual([{ from: 'start', prefixes: [] }]);
  });

  it('they are cut', async () => {
    await expect(follow(() => peer.cut())).rejects.toMatchObject({ type: 'unavailable' });
    await peer.until(() => peer.subscriptions.open === 0);
  });

  it('they end as if there were no more', async () => {
    expect(await follow(() => peer.subscriptions.end())).toEqual([0n, 1n]);
  });

  it('they give each event twice', async () => {
    peer.subscriptions.twice = true;
    expect(await follow(() => peer.append('s', numbered(1)))).toEqual([0n, 0n, 1n, 1n, 2n, 2n]);
  });

  it('they stall with the call open, and resume where they were', async () => {
    const given = follow(() => {
      peer.subscriptions.stall();
      peer.append('s', numbered(4));
    });
    await peer.until(() => peer.log.of('s').length === 6);
    expect(peer.subscriptions.open).toBe(1);
    peer.subscriptions.resume();
    expect(await given).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
  });
});
