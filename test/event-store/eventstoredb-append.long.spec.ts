import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  NO_STREAM,
  RevisionConflict,
  StoreUnavailable,
  StoreUnusable,
} from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import type { AppendRequest } from '../support/eventstoredb/appends.js';
import { Failure } from '../support/eventstoredb/failure.js';
import type { AppendFault } from '../support/eventstoredb/faults.js';
import { Peer, type PeerOptions } from '../support/eventstoredb/peer.js';
import { idsOf, numbered, persist, propose, streamOf } from '../support/log.js';

const PATIENCE_MS = 1_000;

let peer: Peer;
let store: EventStoreDbEventStore;
async function start(options: PeerOptions = {}): Promise<void> {
  peer = await Peer.start(options);
  store = EventStoreDbEventStore.open(peer.url, { patienceMs: PATIENCE_MS });
}
afterEach(async () => {
  await store.close();
  await peer.stop();
});

const stored = (stream: string) => peer.log.of(stream).map(({ id }) => id);

const faults: readonly (readonly [AppendFault, number])[] = [
  ...([
    ['lose', 0],
    ['take-and-lose', 2],
  ] as const),
  ...([
    ['ignore', 0],
    ['swallow', 2],
  ] as const),
  ...([
    ['timeout', 0],
    ['take-and-timeout', 2],
  ] as const),
  ...([
    ['unavailable', 0],
    ['take-and-unavailable', 2],
  ] as const),
  ...([['not-ready', 0]] as const),
];

describe.each([true, false])('An append that goes wrong, with BatchAppend %s:', (batchAppend) => {
  beforeEach(() => start({ batchAppend }));

  it.each(faults)(
    '%s has an unknown outcome with %d events stored, and its repeat is exact',
    async (fault, count) => {
      const events = numbered(2);
      peer.nextAppends(fault);
      await expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
      expect(stored('s')).toHaveLength(count);
      await persist(store, 's', events);
      expect(stored('s')).toEqual(idsOf(events));
      await store.append('s', 1, numbered(1));
      await store.append('s', NO_STREAM, events);
      expect(stored('s')).toHaveLength(3);
    },
  );

  it.each(faults)('%s leaves appends of other streams with the true outcome', async (fault) => {
    const writes = Array.from({ length: 40 }, (_, n) => ({ stream: `s${n}`, events: numbered(2) }));
    peer.append('taken', numbered(1));
    peer.nextAppends(fault);
    const [conflict] = await Promise.all([
      store.append('taken', NO_STREAM, numbered(1)).catch((error: unknown) => error),
      ...writes.map(({ stream, events }) => persist(store, stream, events)),
    ]);
    for (const { stream, events } of writes) expect(stored(stream)).toEqual(idsOf(events));
    // The one that is not repeated either got its true outcome or was told that it is unknown.
    expect(conflict instanceof RevisionConflict || conflict instanceof StoreUnavailable).toBe(true);
    expect(stored('taken')).toHaveLength(1);
    await expect(store.append('taken', NO_STREAM, numbered(1))).rejects.toThrow(RevisionConflict);
  });

  it('many that wait for one another while the connection is cut fail, and end nothing else', async () => {
    const large = () => [propose({ text: 'x'.repeat(50_000) })];
    const writes = Array.from({ length: 100 }, (_, n) => ({ stream: `s${n}`, events: large() }));
    peer.nextAppends('lose', 'take-and-lose', 'unavailable', 'ignore');
    await Promise.all(writes.map(({ stream, events }) => persist(store, stream, events)));
    for (const { stream, events } of writes) expect(stored(stream)).toEqual(idsOf(events));
  });

  it('access-denied says what to check', async () => {
    peer.nextAppends('access-denied');
    const denied = store.append('s', NO_STREAM, numbered(1));
    await expect(denied).rejects.toThrow(StoreUnusable);
    await expect(denied).rejects.toThrow(
      /denies access to s: check user and password in the connection string/,
    );
    await store.append('s', NO_STREAM, numbered(1));
  });

  it('one that is too large says which setting of the server to change', async () => {
    const events = [propose({ text: 'x'.repeat(1024 * 1024) })];
    const patient = EventStoreDbEventStore.open(peer.url, { patienceMs: 60_000 });
    const refused = patient.append('s', NO_STREAM, events);
    await expect(refused).rejects.toThrow(StoreUnusable);
    await expect(refused).rejects.toThrow(/takes at most 1048576 bytes at once; set its MaxAppendSize/);
    expect(stored('s')).toEqual([]);
    await patient.close();
  });

  it.each(['effect', 'answer'] as const)(
    'one that waits before its %s for too long is exact when repeated',
    async (before) => {
      const [events, others] = [numbered(2), numbered(1)];
      const hold = peer.holdAppend(before);
      await expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
      await store.append('t', NO_STREAM, others);
      hold.release();
      await store.append('s', NO_STREAM, events);
      await store.append('t', NO_STREAM, others);
      expect([stored('s'), stored('t')]).toEqual([idsOf(events), idsOf(others)]);
    },
  );

  it('one that takes effect when it was long repeated changes nothing', async () => {
    const [events, more] = [numbered(2), numbered(1)];
    const hold = peer.holdAppend();
    const first = expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
    await hold.reached;
    peer.cut();
    await first;
    await store.append('s', NO_STREAM, events);
    await store.append('s', 1, more);
    hold.release();
    await store.append('s', NO_STREAM, events);
    expect(stored('s')).toEqual(idsOf([...events, ...more]));
  });

  it('one to a server that is down fails, and works again when it is up', async () => {
    const events = numbered(2);
    await peer.down();
    await expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
    await expect(streamOf(store, 's')).rejects.toThrow(StoreUnavailable);
    await peer.up();
    await persist(store, 's', events);
    expect(stored('s')).toEqual(idsOf(events));
    expect(idsOf(await streamOf(store, 's'))).toEqual(idsOf(events));
  });

  it.each([
    ['hangs', 'hang'],
    ['fails', new Failure(status.INTERNAL, 'A proxy does not know the way')],
  ] as const)(
    'the first, when the question for the features of the server %s, works when it is repeated',
    async (_, fault) => {
      const events = numbered(2);
      peer.featureFaults.push(fault);
      await expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
      expect(await persist(store, 's', events)).toBe(0);
      expect(stored('s')).toEqual(idsOf(events));
    },
  );

  it('what it sends names a revision, and the same ids and bytes when it is repeated', async () => {
    const sent: AppendRequest[] = [];
    const take = peer.appends.take.bind(peer.appends);
    peer.appends.take = (request) => {
      sent.push(request);
      return take(request);
    };
    const events = [propose({ text: 'é', list: [1, null, { a: -1.5e-7 }] }), propose()];
    peer.nextAppends('take-and-timeout');
    await persist(store, 's', events);
    await store.append('s', 1, numbered(1));
    await expect(store.append('s', -2, numbered(1))).rejects.toThrow(RevisionConflict);
    expect(sent.map(({ stream, expected }) => [stream, expected])).toEqual([
      ['s', 'no_stream'],
      ['s', 'no_stream'],
      ['s', 1],
    ]);
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]?.events.map(({ id, type, contentType }) => [id, type, contentType])).toEqual(
      events.map(({ id, type }) => [id, type, 'application/json']),
    );
    expect(sent[0]?.events.map(({ data, metadata }) => [textOf(data), textOf(metadata)])).toEqual(
      events.map(({ data, metadata }) => [data, metadata]),
    );
  });

  it('data that are no JSON are refused before anything is sent', async () => {
    await expect(store.append('s', NO_STREAM, [{ ...propose(), data: '{"n":1n}' }])).rejects.toThrow(
      SyntaxError,
    );
    await expect(store.append('s', NO_STREAM, [{ ...propose(), metadata: '' }])).rejects.toThrow(SyntaxError);
    expect(peer.appends.received).toBe(0);
    await store.append('s', NO_STREAM, numbered(1));
  });
});

describe('An append stream that the server ends with OK', () => {
  beforeEach(() => start());

  it('leaves nothing behind: later appends and reads work', async () => {
    const events = numbered(2);
    peer.nextAppends('end');
    await expect(store.append('s', NO_STREAM, events)).rejects.toThrow(StoreUnavailable);
    await store.append('s', NO_STREAM, events);
    peer.nextAppends('end');
    const writes = Array.from({ length: 20 }, (_, n) => ({ stream: `s${n}`, events: numbered(1) }));
    await Promise.all(writes.map(({ stream, events: own }) => persist(store, stream, own)));
    for (const { stream, events: own } of writes) expect(stored(stream)).toEqual(idsOf(own));
    expect(idsOf(await streamOf(store, 's'))).toEqual(idsOf(events));
  });
});

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
