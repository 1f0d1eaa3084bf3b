import { describe, expect, it } from '@jest/globals';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { PrefixedEventStore } from '../../src/event-store/prefixed.event-store.js';
import { drain, idsOf, Listener, numbered, streamOf } from '../support/log.js';
import { eventStoreContract } from './contract.js';

eventStoreContract('a part of the memory event store', () => ({
  open: () => Promise.resolve(new PrefixedEventStore(new MemoryEventStore(), 'p-')),
  remove: () => Promise.resolve(),
}));

describe('Two parts of one store', () => {
  const whole = new MemoryEventStore();
  const [one, other] = [new PrefixedEventStore(whole, 'one-'), new PrefixedEventStore(whole, 'other-')];

  it('do not see each other', async () => {
    const [first, second] = [numbered(2), numbered(3)];
    const listeners = [new Listener(one, 'a'), new Listener(other, 'a')] as const;
    await one.append('a-1', NO_STREAM, first);
    await other.append('a-1', NO_STREAM, second);
    await whole.append('a-1', NO_STREAM, numbered(1));
    for (const [part, events, listener] of [
      [one, first, listeners[0]],
      [other, second, listeners[1]],
    ] as const) {
      expect(idsOf(await streamOf(part, 'a-1'))).toEqual(idsOf(events));
      const all = await drain(part.readAll('a'));
      expect(all.map(({ id, stream }) => [id, stream])).toEqual(events.map(({ id }) => [id, 'a-1']));
      expect(await listener.until(events.length)).toEqual(all);
      await listener.stop();
    }
    expect(await drain(one.readAll('one-'))).toEqual([]);
    expect(await streamOf(whole, 'one-a-1')).toHaveLength(2);
  });

  it('have ids of their own, which stay', async () => {
    const ids = [await whole.logId(), await one.logId(), await other.logId()];
    expect(new Set(ids).size).toBe(3);
    expect(await new PrefixedEventStore(whole, 'one-').logId()).toBe(ids[1]);
    expect(await new PrefixedEventStore(new MemoryEventStore(), 'one-').logId()).not.toBe(ids[1]);
  });

  it('are what the whole is', () => {
    const shared = new PrefixedEventStore(new MemoryEventStore(false), 'p-');
    expect([one.soleWriter, shared.soleWriter]).toEqual([true, false]);
    expect(one.maxAppendBytes).toBe(whole.maxAppendBytes);
  });
});
