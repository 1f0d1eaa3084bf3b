import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_STREAM, StoreUnusable } from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { EventStoreDbSubscriberLog } from '../../src/event-store/eventstoredb.subscriber-log.js';
import { SqliteSubscriberLog } from '../../src/event-store/sqlite.subscriber-log.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered } from '../support/log.js';
import { delivery, everything, idsOf, subscriberLogContract } from './subscriber-contract.js';

const open = (url: string, prefix = '') =>
  new EventStoreDbSubscriberLog(url, prefix, new SqliteSubscriberLog(':memory:'));

subscriberLogContract('the subscriber log in EventStoreDB', () => {
  let peer: Peer | undefined;
  return {
    open: async () => open((peer ??= await Peer.start()).url),
    remove: async () => peer?.stop(),
  };
});

describe('What subscribers keep in EventStoreDB', () => {
  let peer: Peer;
  let logs: EventStoreDbSubscriberLog[];
  const instance = (prefix?: string) => {
    const log = open(peer.url, prefix);
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

  test('is in streams of each subscriber whose old events go, which is said once', async () => {
    const log = instance('test-');
    await log.save('hook', NO_STREAM, '{}');
    await log.save('hook', 0, '{}');
    await log.record('hook', [delivery('a')]);
    await log.order('hook', '{}');
    const said = (stream: string) =>
      peer.log.of(`$$test-${stream}`).map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown);
    expect(said('subscriber-hook')).toEqual([{ $maxCount: 1 }]);
    expect(said('deliveries-hook')).toEqual([{ $maxAge: 30 * 86_400 }]);
    expect(said('orders-hook')).toEqual([{ $maxAge: 30 * 86_400 }]);
  });

  test('of every instance is read by every other, also after each has read before', async () => {
    const [here, there] = [instance(), instance()];
    for (const [turn, log] of [here, there, here, there].entries()) {
      await log.save('hook', turn - 1, JSON.stringify({ turn }));
      await log.record('hook', [delivery(`n${turn}`)]);
      const known = Array.from({ length: turn + 1 }, (_, n) => `n${n}`);
      for (const one of [here, there]) {
        expect(idsOf(await one.deliveries('hook', everything)).sort()).toEqual(known);
        expect((await one.state('hook'))?.data).toBe(JSON.stringify({ turn }));
      }
    }
  });

  test('is cut so that no append is larger than the server takes', async () => {
    const log = instance();
    const large = { events: Array.from({ length: 20 }, () => 'x'.repeat(3_000)) };
    const many = Array.from({ length: 20 }, (_, n) => ({
      ...delivery(`n${n}`),
      data: JSON.stringify(large),
    }));
    await log.record('hook', many);
    for (const { data } of peer.log.of('deliveries-hook')) expect(data.length).toBeLessThan(1_000_000);
    expect((await log.deliveries('hook', everything)).total).toBe(20);
  });

  test('is no part of the log: who reads it passes over them', async () => {
    const store = EventStoreDbEventStore.open(peer.url);
    await store.append('account-acme', NO_STREAM, numbered(2));
    await instance().save('hook', NO_STREAM, '{}');
    await instance().record('hook', [delivery('a')]);
    const streams = new Set<string>();
    for await (const page of store.readAll('account-')) for (const { stream } of page) streams.add(stream);
    expect([...streams]).toEqual(['account-acme']);
    await store.close();
  });

  test('is refused in plain words without the right to write it', async () => {
    peer.nextAppends('access-denied');
    await expect(instance().save('hook', NO_STREAM, '{}')).rejects.toThrow(StoreUnusable);
  });
});
