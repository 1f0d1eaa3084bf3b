import { expect, test } from '@jest/globals';
import type { AuditLog } from '../../src/audit/audit-log.js';
import { decode } from '../../src/event-store/codec.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { Feed } from '../../src/feed/feed.js';
import { RecentEvents } from '../../src/feed/recent-events.js';
import { AccountReading } from '../../src/http/v2/feed/reading.js';
import { Moment } from '../../src/read/moment.js';
import { records } from '../support/golden.js';

const [account = ''] = records.map((record) => decode(record).account);

/** A log in which an account has so many events that a view shows, and one more that this version does not know. */
async function logOf(shown: number) {
  const store = new MemoryEventStore();
  const events = records
    .slice(0, shown)
    .map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));
  await store.append(`account-${account}`, -1, events);
  const unknown = {
    id: '0a1b2c3d-0000-4000-8000-000000000000',
    type: 'GroupMerged',
    data: '{}',
    metadata: '{}',
  };
  await store.append(`account-${account}`, shown - 1, [unknown]);
  const feed = new Feed(store, {} as AuditLog, new RecentEvents(() => ''));
  return new AccountReading(
    feed,
    {},
    -1,
    () => new Moment(account, shown - 1, {} as never),
    () => true,
  );
}

test('where a log goes on with an event that nobody here can read, the feed ends with that and skips nothing', async () => {
  const reading = await logOf(3);
  const { signal } = new AbortController();
  expect((await reading.next({ limit: 100 }, signal)).map(({ revision }) => revision)).toEqual([0, 1, 2]);
  await expect(reading.next({ limit: 100 }, signal)).rejects.toMatchObject({ code: 'account_unreadable' });
  expect(reading.cursor).toBe(2);
});
