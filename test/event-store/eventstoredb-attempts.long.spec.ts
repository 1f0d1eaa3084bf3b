import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventStoreDbAttemptLog } from '../../src/event-store/eventstoredb.attempt-log.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { NO_STREAM, StoreUnusable } from '../../src/event-store/event-store.js';
import { copyLog } from '../../src/event-store/log-copy.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { SqliteAttemptLog } from '../../src/event-store/sqlite.attempt-log.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered } from '../support/log.js';
import { attemptLogContract, idsIn } from './attempt-contract.js';

const DAYS = 30;
const logId = () => Promise.resolve('log');
const open = (url: string, prefix = '', days = DAYS) =>
  new EventStoreDbAttemptLog(url, prefix, days, new SqliteAttemptLog(':memory:', logId), logId);

attemptLogContract('the attempt log in EventStoreDB', () => {
  let peer: Peer | undefined;
  return {
    open: async () => open((peer ??= await Peer.start()).url),
    remove: async () => peer?.stop(),
  };
});

const attempt = (id: string) => ({ id, time: Date.now(), at: 0, data: '{"outcome":"failed"}' });
const batchOf = (...ids: string[]) => ({ attempts: ids.map(attempt), writes: [] });

describe('Attempts in EventStoreDB', () => {
  let peer: Peer;
  let logs: EventStoreDbAttemptLog[];
  const instance = (prefix?: string, days?: number) => {
    const log = open(peer.url, prefix, days);
    logs.push(log);
    return log;
  };
  beforeEach(async () => {
    peer = await Peer.start();
    logs = [];
  });
  afterEach(async () => {
    for (const log of logs) await log.close();
    await peer.stop();
  });

  test('are in a stream of each account whose events expire, which is said once', async () => {
    const log = instance('test-');
    await log.append('acme', batchOf('a'));
    await log.append('acme', batchOf('b'));
    expect(peer.log.of('test-attempts-acme')).toHaveLength(2);
    const said = peer.log
      .of('$$test-attempts-acme')
      .map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown);
    expect(said).toEqual([{ $maxAge: DAYS * 86_400 }]);
    await instance('test-').append('acme', batchOf('c'));
    expect(peer.log.of('$$test-attempts-acme')).toHaveLength(1);
    await instance('test-', 7).append('acme', batchOf('d'));
    expect(peer.log.of('$$test-attempts-acme')).toHaveLength(2);
  });

  test('of every instance are read by every other, also after each has read before', async () => {
    const [here, there] = [instance(), instance()];
    for (const [turn, log] of [here, there, here, there].entries()) {
      await log.append('acme', batchOf(`n${turn}`));
      const known = Array.from({ length: turn + 1 }, (_, n) => `n${n}`);
      for (const one of [here, there]) expect((await idsIn(one, 'acme')).sort()).toEqual(known);
    }
  });

  test('that have expired at the server are not read any more', async () => {
    await instance().append('acme', batchOf('old'));
    peer.log.age('attempts-acme', DAYS * 86_400 + 1);
    const log = instance();
    await log.append('acme', batchOf('young'));
    expect(await idsIn(log, 'acme')).toEqual(['young']);
  });

  test('are read from the beginning again when the log was restored', async () => {
    const log = instance();
    await log.append('acme', batchOf('a'));
    await log.append('acme', batchOf('b'));
    expect((await idsIn(log, 'acme')).sort()).toEqual(['a', 'b']);
    const restored = await Peer.start();
    const tables = Reflect.get(log, 'tables') as SqliteAttemptLog;
    const after = new EventStoreDbAttemptLog(restored.url, '', DAYS, tables, logId);
    // One process writes to one server only.
    restored.append('attempts-acme', peer.log.of('attempts-acme').slice(0, 1).map(asProposed));
    const later = { ...asProposed(peer.log.of('attempts-acme')[1]), id: crypto.randomUUID() };
    restored.append('attempts-acme', [{ ...later, data: later.data.replace('"b"', '"c"') }]);
    expect((await idsIn(after, 'acme')).sort()).toEqual(['a', 'b', 'c']);
    await after.close();
    await restored.stop();
  });

  test('are no part of the log: who follows, copies or reads it passes over them', async () => {
    const store = EventStoreDbEventStore.open(peer.url);
    await store.append('account-acme', NO_STREAM, numbered(2));
    await instance().append('acme', batchOf('a', 'b'));
    await store.append('account-acme', 1, numbered(1, 2));
    const streams = new Set<string>();
    for await (const page of store.readAll('account-')) for (const { stream } of page) streams.add(stream);
    const stop = new AbortController();
    for await (const { events, isCaughtUp } of store.subscribe('account-', undefined, stop.signal)) {
      for (const { stream } of events) streams.add(stream);
      if (isCaughtUp) stop.abort();
    }
    expect([...streams]).toEqual(['account-acme']);
    const target = new MemoryEventStore();
    await copyLog(store, target);
    for await (const page of target.readAll('')) for (const { stream } of page) streams.add(stream);
    expect([...streams]).toEqual(['account-acme']);
    await store.close();
  });

  test('are refused in plain words without the right to write them', async () => {
    peer.nextAppends('access-denied');
    await expect(instance().append('acme', batchOf('a'))).rejects.toThrow(StoreUnusable);
    expect(peer.log.of('attempts-acme')).toEqual([]);
  });
});

function asProposed(event: { id: string; type: string; data: Uint8Array; metadata: Uint8Array } | undefined) {
  if (!event) throw new Error('No such event');
  const { id, type, data, metadata } = event;
  return { id, type, data: Buffer.from(data).toString(), metadata: Buffer.from(metadata).toString() };
}
