import { expect, test } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { LogPages } from '../../src/feed/log-pages.js';
import { gate } from '../support/execute.js';
import { idsOf, numbered } from '../support/log.js';

/** A log that is read as often as it says. */
class CountedStore extends MemoryEventStore {
  reads = 0;
  before = Promise.resolve();

  override async *readAll(...parameters: Parameters<MemoryEventStore['readAll']>) {
    this.reads += 1;
    const pages = super.readAll(...parameters);
    const first = await pages[Symbol.asyncIterator]().next();
    await this.before;
    if (first.done !== true) yield first.value;
  }
}

test('readers at one place share a read of what is behind it, also later', async () => {
  const store = new CountedStore();
  const events = numbered(3);
  await store.append('account-a', -1, events);
  const pages = new LogPages(store);
  const read = await Promise.all([pages.after(''), pages.after(''), pages.after('')]);
  expect([...read, await pages.after('')].map(idsOf)).toEqual(Array.from({ length: 4 }, () => idsOf(events)));
  expect(store.reads).toBe(1);
});

test('who asks while somebody reads gets what has come since that read began', async () => {
  const store = new CountedStore();
  const pages = new LogPages(store);
  const { opened, open } = gate();
  store.before = opened;
  const early = pages.after('');
  const events = numbered(1);
  await store.append('account-a', -1, events);
  const late = pages.after('');
  open();
  expect([idsOf(await early), idsOf(await late)]).toEqual([[], idsOf(events)]);
});
