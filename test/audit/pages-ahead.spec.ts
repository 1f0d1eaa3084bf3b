import { expect, test } from '@jest/globals';
import { PagesAhead } from '../../src/audit/thread/pages-ahead.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';

const eventAt = (revision: number): RecordedEvent => ({
  ...{ id: `e${revision}`, type: 'T', data: '{}', metadata: '{}' },
  ...{ stream: 's', revision, position: String(revision) },
});

/** A log of some accounts, read in pages of 100. */
function logOf(heads: Record<string, number>) {
  const reads: string[] = [];
  let failures = 0;
  const read = (account: string, after: number) => {
    reads.push(`${account}@${after}`);
    if (failures > 0) return Promise.reject(new Error(`failure ${failures--}`));
    const count = Math.min(100, (heads[account] ?? -1) - after);
    return Promise.resolve(Array.from({ length: count }, (_, at) => eventAt(after + 1 + at)));
  };
  return { reads, pages: new PagesAhead(read), failNext: (count: number) => (failures = count) };
}

const ends = (page: readonly RecordedEvent[]) => [page[0]?.revision, page.at(-1)?.revision];

test('a page is read while the one before is worked on, and each event comes once', async () => {
  const { pages, reads } = logOf({ a: 249 });
  expect(ends(await pages.after('a', -1))).toEqual([0, 99]);
  expect(reads).toEqual(['a@-1', 'a@99']);
  expect(ends(await pages.after('a', 99))).toEqual([100, 199]);
  expect(ends(await pages.after('a', 199))).toEqual([200, 249]);
  expect(reads).toEqual(['a@-1', 'a@99', 'a@199']);
});

test('what was not there when it was read ahead is read again, and so is another place or account', async () => {
  const heads = { a: 99, b: 5 };
  const { pages, reads } = logOf(heads);
  await pages.after('a', -1);
  heads.a = 101;
  expect(ends(await pages.after('a', 99))).toEqual([100, 101]);
  expect(ends(await pages.after('b', 2))).toEqual([3, 5]);
  await pages.after('a', -1);
  expect(ends(await pages.after('a', 50))).toEqual([51, 101]);
  expect(reads).toEqual(['a@-1', 'a@99', 'a@99', 'b@2', 'a@-1', 'a@99', 'a@50']);
});

test('a failure ahead is tried again, and one of what is wanted is thrown', async () => {
  const { pages, failNext } = logOf({ a: 250 });
  await pages.after('a', -1);
  await pages.after('a', 99);
  failNext(1);
  expect(ends(await pages.after('a', 199))).toEqual([200, 250]);
  failNext(1);
  await expect(pages.after('a', -1)).rejects.toThrow('failure');
});
