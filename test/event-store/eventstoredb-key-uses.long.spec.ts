import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { EventStoreDbKeyUses } from '../../src/event-store/eventstoredb.key-uses.js';
import { NO_STREAM, StoreUnusable } from '../../src/event-store/event-store.js';
import { copyLog } from '../../src/event-store/log-copy.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered } from '../support/log.js';
import { keyUsesContract, use } from './key-uses-contract.js';

keyUsesContract('uses of keys in EventStoreDB', () => {
  let peer: Peer | undefined;
  return {
    open: async () => new EventStoreDbKeyUses((peer ??= await Peer.start()).url, ''),
    remove: async () => peer?.stop(),
  };
});

describe('Uses of keys in EventStoreDB', () => {
  let peer: Peer;
  let open: EventStoreDbKeyUses[];
  const instance = (prefix = '') => {
    const one = new EventStoreDbKeyUses(peer.url, prefix);
    open.push(one);
    return one;
  };
  beforeEach(async () => {
    peer = await Peer.start();
    open = [];
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    await peer.stop();
  });

  test('are read by every instance, of which none keeps a day twice', async () => {
    const [here, there] = [instance('test-'), instance('test-')];
    await here.keep('acme', [use('a')]);
    await there.keep('acme', [use('a', use('a').time + 1), use('b')]);
    await here.keep('acme', [use('b', use('b').time + 1)]);
    expect(peer.log.of('test-key-uses-acme')).toHaveLength(2);
    for (const one of [here, there, instance('test-')])
      expect([...(await one.of('acme', ['a', 'b'])).values()]).toEqual([use('a').time, use('b').time]);
  });

  test('are told anew once they take many events, and what stood before is given up', async () => {
    const [here, there] = [instance(), instance()];
    const ids = Array.from({ length: 510 }, (_, n) => `k${n}`);
    const written = ids.map((id) => ({
      ...{ id: crypto.randomUUID(), type: 'KeyUsesRecorded', metadata: '' },
      data: JSON.stringify({ uses: [use(id)] }),
    }));
    peer.append('key-uses-acme', written);
    await there.of('acme', ['k0']);
    await here.forget('acme', { key_id: 'k7' });
    await here.keep('acme', [use('last')]);
    const begins = peer.log.beginningOf('key-uses-acme');
    expect(begins).toBeGreaterThan(400);
    expect(peer.log.of('key-uses-acme').length - begins).toBeLessThan(100);
    const left = [...ids.filter((id) => id !== 'k7'), 'last'];
    for (const one of [here, there, instance()])
      expect([...(await one.of('acme', [...ids, 'last'])).keys()]).toEqual(left);
  });

  test('are read from the beginning when the log was restored', async () => {
    const one = instance();
    await one.keep('acme', [use('a')]);
    const streams = Reflect.get(one, 'streams') as Map<string, { event: string }>;
    Object.assign(streams.get('acme') ?? {}, { event: 'of another history', uses: new Map() });
    expect((await one.of('acme', ['a'])).size).toBe(1);
  });

  test('are no part of the log: who copies or reads it passes over them', async () => {
    const store = EventStoreDbEventStore.open(peer.url);
    await store.append('account-acme', NO_STREAM, numbered(2));
    await instance().keep('acme', [use('a')]);
    const target = new MemoryEventStore();
    await copyLog(store, target);
    const streams = new Set<string>();
    for (const log of [store, target])
      for await (const page of log.readAll('account-')) for (const { stream } of page) streams.add(stream);
    for await (const page of target.readAll('')) for (const { stream } of page) streams.add(stream);
    expect([...streams]).toEqual(['account-acme']);
    await store.close();
  });

  test('are refused in plain words without the right to write them', async () => {
    peer.nextAppends('access-denied');
    await expect(instance().keep('acme', [use('a')])).rejects.toThrow(StoreUnusable);
  });
});
