import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { decode, UnreadableEvent } from '../../src/event-store/codec.js';
import {
  NO_STREAM,
  type RecordedEvent,
  StoreUnavailable,
  StoreUnusable,
} from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered, propose, revisionsOf, streamOf } from '../support/log.js';
import { until } from '../support/views.js';

const PATIENCE_MS = 1_000;
/** The server carries out 100 calls of a connection at once; some are no reads. */
const MOST_READS = 90;

let peer: Peer;
let store: EventStoreDbEventStore;
beforeEach(async () => {
  peer = await Peer.start();
  store = EventStoreDbEventStore.open(peer.url, { patienceMs: PATIENCE_MS });
});
afterEach(async () => {
  await store.close();
  await peer.stop();
});

const upTo = (count: number) => Array.from({ length: count }, (_, revision) => revision);

/** Reads a stream; `misbehave` runs once, after the first page. */
async function readWith(stream: string, misbehave: () => unknown, seen: RecordedEvent[]): Promise<void> {
  for await (const page of store.readStream(stream, NO_STREAM)) {
    const isFirst = seen.length === 0;
    seen.push(...page);
    if (isFirst) await misbehave();
  }
}

describe('A read that is left early', () => {
  beforeEach(() => void peer.append('s', numbered(3_000)));

  it.each([
    ['one stream', () => store.readStream('s', NO_STREAM)],
    ['all', () => store.readAll('s')],
  ])('of %s is cancelled at the server', async (_, read) => {
    for await (const page of read()) if (page.length > 0) break;
    await peer.until(() => peer.calls.open === 0);
    expect(peer.reads.cancelled).toBe(1);
    expect(peer.reads.sent).toBeLessThan(3_000);
  });

  it('by an error of its reader is cancelled at the server', async () => {
    const fail = () => {
      throw new Error('full disk');
    };
    await expect(readWith('s', fail, [])).rejects.toThrow('full disk');
    await peer.until(() => peer.calls.open === 0);
    expect(peer.reads.cancelled).toBe(1);
  });
});

describe('A read that the server leaves without an answer', () => {
  it.each([
    ['one stream', () => streamOf(store, 's')],
    ['all', () => store.readAll('s')[Symbol.asyncIterator]().next()],
    ['the id of the log', () => store.logId()],
  ])('of %s fails when its patience is over, is cancelled, and the next succeeds', async (_, read) => {
    peer.append('s', numbered(3));
    peer.nextReads('hang');
    await expect(read()).rejects.toThrow(StoreUnavailable);
    await peer.until(() => peer.reads.cancelled === 1);
    expect(revisionsOf(await streamOf(store, 's'))).toEqual([0, 1, 2]);
  });

  it('does not keep the others waiting', async () => {
    peer.append('s', numbered(3));
    peer.nextReads('hang');
    const reads = await Promise.allSettled([streamOf(store, 's'), streamOf(store, 's')]);
    expect(reads.map(({ status }) => status)).toContain('rejected');
    expect(revisionsOf(await streamOf(store, 's'))).toEqual([0, 1, 2]);
  });
});

describe('A read that breaks off', () => {
  beforeEach(() => void peer.append('s', numbered(3_000)));

  it.each([0, 1, 700])(
    'after %d events has failed, and brought what it brought without a gap',
    async (cutAfter) => {
      peer.nextReads({ cutAfter });
      const seen: RecordedEvent[] = [];
      await expect(readWith('s', () => undefined, seen)).rejects.toThrow(StoreUnavailable);
      expect(revisionsOf(seen)).toEqual(upTo(seen.length));
      expect(revisionsOf(await streamOf(store, 's'))).toEqual(upTo(3_000));
    },
  );

  it('because an append of the same process lost the connection has failed, and not come to its end', async () => {
    peer.nextAppends('unavailable');
    const seen: RecordedEvent[] = [];
    const loseConnection = () =>
      expect(store.append('t', NO_STREAM, numbered(1))).rejects.toThrow(StoreUnavailable);
    await expect(readWith('s', loseConnection, seen)).rejects.toThrow(StoreUnavailable);
    expect(seen.length).toBeLessThan(3_000);
    expect(revisionsOf(seen)).toEqual(upTo(seen.length));
  });

  it('because another read of the same process hung has failed, and not come to its end', async () => {
    peer.append('t', numbered(1));
    const seen: RecordedEvent[] = [];
    const hang = () => {
      peer.nextReads('hang');
      return expect(streamOf(store, 't')).rejects.toThrow(StoreUnavailable);
    };
    await expect(readWith('s', hang, seen)).rejects.toThrow(StoreUnavailable);
    expect(revisionsOf(seen)).toEqual(upTo(seen.length));
  });

  it('because the store was closed has failed, and not come to its end', async () => {
    const other = EventStoreDbEventStore.open(peer.url);
    await other.close();
    await expect(readWith('s', () => store.close(), [])).rejects.toThrow(StoreUnavailable);
  });
});

describe('Of more reads at once than a connection carries', () => {
  /** Reads that the server answers once they are released, by a reader who waits for that. */
  async function occupy(count: number) {
    peer.append('s', numbered(1));
    const patient = EventStoreDbEventStore.open(peer.url, { patienceMs: 60_000 });
    const holds = Array.from({ length: count }, () => peer.holdRead());
    const reads = Promise.all(holds.map(() => streamOf(patient, 's')));
    await peer.until(() => peer.reads.of('s') >= MOST_READS);
    return async () => {
      for (const hold of holds) hold.release();
      expect((await reads).map(revisionsOf)).toEqual(holds.map(() => [0]));
      await patient.close();
    };
  }

  it('some wait for their turn, which is no silence of the server', async () => {
    const release = await occupy(MOST_READS + 10);
    const late = streamOf(store, 's');
    // The time is what is tested: they must wait for longer than the patience with the server.
    await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 2 * PATIENCE_MS))]);
    await release();
    expect(revisionsOf(await late)).toEqual([0]);
  });

  it('those that wait for too long fail, and end no others', async () => {
    const release = await occupy(MOST_READS);
    await expect(streamOf(store, 's')).rejects.toThrow('wait for their turn');
    await release();
  });
});

describe('A reader that is slower than the patience', () => {
  it('gets everything', async () => {
    peer.append('s', numbered(3_000));
    const seen: RecordedEvent[] = [];
    let waited = false;
    // The time is what is tested: the reader must be slower than the patience.
    const dawdle = () =>
      new Promise<void>((resolve) => setTimeout(resolve, 2 * PATIENCE_MS)).then(() => (waited = true));
    await readWith('s', dawdle, seen);
    expect(waited).toBe(true);
    expect(revisionsOf(seen)).toEqual(upTo(3_000));
    expect(peer.reads.cancelled).toBe(0);
  });
});

describe('What stands in a stream', () => {
  it('nothing, gives nothing', async () => {
    expect(await streamOf(store, 'none')).toEqual([]);
    peer.append('s', numbered(2));
    expect(await streamOf(store, 's', 1)).toEqual([]);
    expect(await streamOf(store, 's', 7)).toEqual([]);
  });

  it('without its beginning, is refused by name', async () => {
    peer.append('account-a', numbered(5));
    peer.log.truncate('account-a', 2);
    await expect(streamOf(store, 'account-a')).rejects.toThrow(StoreUnusable);
    await expect(streamOf(store, 'account-a')).rejects.toThrow(
      'Events 0 to 1 of stream account-a are missing in EventStoreDB; restore the log from a backup',
    );
    expect(revisionsOf(await streamOf(store, 'account-a', 1))).toEqual([2, 3, 4]);
    await peer.until(() => peer.calls.open === 0);
  });

  const metadata = JSON.stringify({ v: 1 });
  it.each<
    [string, { type?: string; data?: Uint8Array; metadata?: Uint8Array; contentType?: string }, string]
  >([
    ['text that is no JSON', { data: Buffer.from('plain {') }, 'plain {'],
    ['a JSON string', { data: Buffer.from('"text"') }, '"text"'],
    ['null', { data: Buffer.from('null') }, 'null'],
    ['a number', { data: Buffer.from('7') }, '7'],
    ['no data', { data: Buffer.alloc(0) }, ''],
    ['bytes', { data: Buffer.from([255, 0, 1]), contentType: 'application/octet-stream' }, '\uFFFD\0\u0001'],
    ['no metadata', { metadata: Buffer.alloc(0) }, '{}'],
    ['metadata that are no JSON', { metadata: Buffer.from([123, 255]) }, '{}'],
    ['metadata that are null', { metadata: Buffer.from('null') }, '{}'],
    ['a link', { type: '$>', data: Buffer.from('0@elsewhere') }, '0@elsewhere'],
  ])('%s, is given back as text, and called unreadable', async (_, foreign, text) => {
    const event = { id: randomUUID(), type: 'UserDeleted', contentType: 'application/json' };
    const plain = { data: Buffer.from('{}'), metadata: Buffer.from(metadata) };
    peer.log.append('account-a', 'no_stream', [{ ...event, ...plain, ...foreign }]);
    for (const [read] of [await streamOf(store, 'account-a'), await first(store.readAll('account-'))]) {
      if (!read) throw new Error('Nothing was read');
      expect(read).toMatchObject({ id: event.id, stream: 'account-a', revision: 0, data: text });
      expect(() => decode(read)).toThrow(UnreadableEvent);
    }
  });

  it('is given back byte for byte, as it need not be taken apart', async () => {
    const data = '{ "n" : 1.0,\n"a":"\\u0041", "n": 12345678901234567890 }';
    const event = { id: randomUUID(), type: 'UserDeleted', contentType: 'application/json' };
    const texts = { data: Buffer.from(data), metadata: Buffer.from('{ "v":1 }') };
    peer.log.append('account-a', 'no_stream', [{ ...event, ...texts }]);
    for (const [read] of [await streamOf(store, 'account-a'), await first(store.readAll('account-'))])
      expect(read).toMatchObject({ data, metadata: '{ "v":1 }' });
  });

  it('is read with leave of the leader only', async () => {
    const asked: boolean[] = [];
    const track = peer.calls.track.bind(peer.calls);
    peer.calls.track = (...parameters) => {
      const call = track(...parameters);
      asked.push(call.requiresLeader);
      return call;
    };
    peer.append('s', [propose()]);
    await streamOf(store, 's');
    await first(store.readAll('s'));
    await until(() => asked.length === 2);
    expect(asked).toEqual([true, true]);
  });
});

async function first(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<readonly RecordedEvent[]> {
  for await (const page of pages) return page;
  return [];
}

it('The id of the log is the one that another instance gave it, even when that can be read a moment later only', async () => {
  const theirs = propose();
  jest.spyOn(peer.log, 'append').mockImplementationOnce((stream, expected) => {
    // A server refuses what comes second as soon as the first is written, and shows the first once it is replicated.
    void peer.until(() => peer.reads.of(stream) === 2).then(() => peer.append(stream, [theirs]));
    return { type: 'wrong-expected-version', expected, current: 0 };
  });
  expect(await store.logId()).toBe(theirs.id);
});
