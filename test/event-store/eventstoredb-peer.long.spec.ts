import {
  ANY,
  type AppendExpectedRevision,
  BACKWARDS,
  END,
  type EventData,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  type ResolvedEvent,
  START,
  STREAM_EXISTS,
  streamNameFilter,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Peer, type PeerOptions } from '../support/eventstoredb/peer.js';
import { numbered } from '../support/log.js';

let peer: Peer;
let client: EventStoreDBClient;

async function start(options: PeerOptions = {}): Promise<void> {
  peer = await Peer.start(options);
  client = EventStoreDBClient.connectionString(peer.url);
}
async function stop(): Promise<void> {
  await client.dispose();
  await peer.stop();
}

const made = (count: number): EventData[] =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type: 'Made', data: { n }, metadata: { v: 1 } }));
const numbersOf = (events: readonly ResolvedEvent[]) =>
  events.map(({ event }) => (event?.data as { n: number }).n);

async function drain(read: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> {
  const all: ResolvedEvent[] = [];
  for await (const event of read) all.push(event);
  return all;
}

afterEach(stop);

describe.each([true, false])('appends, with BatchAppend %s', (batchAppend) => {
  beforeEach(() => start({ batchAppend }));
  const append = (events = made(2), expectedRevision: AppendExpectedRevision = NO_STREAM) =>
    client.appendToStream('s', events, { expectedRevision });
  const conflict = (expectedVersion: unknown, actualVersion: unknown) =>
    expect.objectContaining({ type: 'wrong-expected-version', expectedVersion, actualVersion });

  it('answers with the revision and the position of the last event', async () => {
    const result = await append();
    const last = peer.log.of('s')[1];
    const at = BigInt(last?.position ?? 0);
    expect(result).toEqual({
      success: true,
      nextExpectedRevision: 1n,
      position: { commit: at, prepare: at },
    });
    expect(await append(made(1), 1n)).toMatchObject({ nextExpectedRevision: 2n });
    expect(peer.appends.received).toBe(2);
    await peer.until(() => peer.calls.open === (batchAppend ? 1 : 0));
  });

  it('knows a repeat by its ids, at the head and behind it', async () => {
    const events = made(2);
    const first = await append(events);
    await append(made(1), 1n);
    expect(await append(events)).toEqual(first);
    expect(peer.log.of('s')).toHaveLength(3);
  });

  it('refuses a wrong revision, a repeat of other events and one that only begins alike', async () => {
    const events = made(2);
    await append(events);
    await expect(append(made(1), 7n)).rejects.toEqual(conflict(7n, 1n));
    await expect(append(made(1))).rejects.toEqual(conflict('no_stream', 1n));
    await expect(append([...events, ...made(1)])).rejects.toEqual(conflict('no_stream', 1n));
    await expect(append(events, 0n)).rejects.toEqual(conflict(0n, 1n));
    await expect(client.appendToStream('t', events, { expectedRevision: 0n })).rejects.toEqual(
      conflict(0n, 'no_stream'),
    );
    expect(peer.log.of('s')).toHaveLength(2);
  });

  it('takes ANY and STREAM_EXISTS', async () => {
    await expect(append(made(1), STREAM_EXISTS)).rejects.toEqual(conflict('stream_exists', 'no_stream'));
    await append(made(1), ANY);
    expect(await append(made(1), STREAM_EXISTS)).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('refuses what is too large, and takes nothing of it', async () => {
    const large = Array.from({ length: 3 }, () =>
      jsonEvent({ type: 'Large', data: { text: 'x'.repeat(400_000) } }),
    );
    await expect(append(large)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1024 * 1024,
    });
    expect(peer.log.of('s')).toHaveLength(0);
    expect(await append(large.slice(1))).toMatchObject({ nextExpectedRevision: 1n });
  });
});

describe('one append in several messages', () => {
  beforeEach(() => start());

  it('is atomic, and others may come between', async () => {
    const [mine, other] = await Promise.all([
      client.appendToStream('s', made(20), { expectedRevision: NO_STREAM, batchAppendSize: 200 }),
      client.appendToStream('t', made(20), { expectedRevision: NO_STREAM, batchAppendSize: 200 }),
    ]);
    expect([mine.nextExpectedRevision, other.nextExpectedRevision]).toEqual([19n, 19n]);
    expect(peer.appends.received).toBe(2);
  });
});

describe('reads', () => {
  beforeEach(async () => {
    await start();
    for (let n = 0; n < 6; n++) peer.append(n % 2 === 0 ? 'a-1' : 'b-1', numbered(1, n));
  });

  it('gives an event as it was appended', async () => {
    const [event] = made(1);
    await client.appendToStream('c-1', event ?? []);
    const [read] = await drain(client.readStream('c-1'));
    const { position = 0 } = peer.log.of('c-1')[0] ?? {};
    const { id, type, data, metadata } = event ?? {};
    expect(read?.event).toMatchObject({
      ...{ id, type, data, metadata, streamId: 'c-1', revision: 0n, isJson: true, created: expect.any(Date) },
      position: { commit: BigInt(position), prepare: BigInt(position) },
    });
  });

  it('reads a stream both ways, from a revision, and only so many events', async () => {
    const numbers = async (options: Parameters<typeof client.readStream>[1]) =>
      numbersOf(await drain(client.readStream('a-1', options)));
    expect(await numbers({})).toEqual([0, 2, 4]);
    expect(await numbers({ fromRevision: 1n, maxCount: 1 })).toEqual([2]);
    expect(await numbers({ direction: BACKWARDS, fromRevision: END })).toEqual([4, 2, 0]);
    expect(await numbers({ direction: BACKWARDS, fromRevision: 1n })).toEqual([2, 0]);
    expect(await numbers({ fromRevision: END })).toEqual([]);
    expect(await numbers({ fromRevision: 3n })).toEqual([]);
    expect([peer.reads.of('a-1'), peer.reads.of('b-1')]).toEqual([6, 0]);
  });

  it('says that a stream does not exist', async () => {
    await expect(drain(client.readStream('none'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('reads all both ways, system events between the others', async () => {
    const all = await drain(client.readAll());
    const positions = all.map(({ event }) => event?.position?.commit ?? 0n);
    expect(positions).toEqual(peer.log.all.map(({ position }) => BigInt(position)));
    expect(all.some(({ event }) => event?.streamId.startsWith('$'))).toBe(true);
    const [commit = 0n] = positions.slice(3);
    const from = { fromPosition: { commit, prepare: commit } };
    expect(await drain(client.readAll(from))).toEqual(all.slice(3));
    expect(await drain(client.readAll({ ...from, direction: BACKWARDS }))).toEqual(all.slice(0, 3).reverse());
    expect(await drain(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))).toEqual(
      all.slice(-1),
    );
    expect(await drain(client.readAll({ fromPosition: END }))).toEqual([]);
    expect(peer.reads.ofAll).toBe(5);
  });

  it('waits for a slow reader, and sees when one gives up', async () => {
    peer.append('long', numbered(2_000));
    const read = client.readStream('long');
    await read[Symbol.asyncIterator]().next();
    expect(peer.calls.open).toBe(1);
    expect(peer.reads.sent).toBeLessThan(2_000);
    await read.cancel();
    await peer.until(() => peer.calls.open === 0);
    expect(peer.reads.cancelled).toBe(1);
  });
});

describe('subscriptions', () => {
  beforeEach(() => start());
  const subscribe = (fromPosition: Parameters<typeof client.subscribeToAll>[0] = {}, seen: bigint[] = []) =>
    client.subscribeToAll({
      ...fromPosition,
      filter: streamNameFilter({
        prefixes: ['a-'],
        maxSearchWindow: 2,
        checkpointInterval: 2,
        checkpointReached: (_subscription, { commit }) => Promise.resolve(void seen.push(commit)),
      }),
    });

  it('catches up, says so, goes on live, and tells how far it has come', async () => {
    const others = numbered(9);
    peer.append('a-1', numbered(2));
    peer.append('b-1', others);
    const checkpoints: bigint[] = [];
    const subscription = subscribe({ fromPosition: START }, checkpoints);
    const said: string[] = [];
    subscription.on('confirmation', () => said.push('confirmed'));
    subscription.on('caughtUp', () => {
      said.push('caught up');
      peer.append('a-1', numbered(1, 2));
    });
    const received: ResolvedEvent[] = [];
    for await (const event of subscription) if (received.push(event) === 3) break;
    expect(numbersOf(received)).toEqual([0, 1, 2]);
    expect(said).toEqual(['confirmed', 'caught up']);
    expect(checkpoints).toEqual([3, 7, 11].map((index) => BigInt(peer.log.all[index]?.position ?? 0)));
    await subscription.unsubscribe();
    await peer.until(() => peer.subscriptions.open === 0 && peer.calls.open === 0);
  });

  it('begins after a position, and shows what was asked for', async () => {
    peer.append('a-1', numbered(3));
    const position = peer.log.of('a-1')[0]?.position ?? 0;
    const at = BigInt(position);
    const subscription = subscribe({ fromPosition: { commit: at, prepare: at } });
    for await (const { event } of subscription) {
      expect(event?.revision).toBe(1n);
      break;
    }
    await subscription.unsubscribe();
    const fromEnd = subscribe({ fromPosition: END });
    fromEnd.on('caughtUp', () => peer.append('a-1', numbered(1, 3)));
    for await (const { event } of fromEnd) {
      expect(event?.revision).toBe(3n);
      break;
    }
    await fromEnd.unsubscribe();
    expect(peer.subscriptions.requests).toEqual([
      { from: position, prefixes: ['a-'] },
      { from: 'end', prefixes: ['a-'] },
    ]);
  });
});
