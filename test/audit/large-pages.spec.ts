import { expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AuditPage } from '../../src/audit/answers.js';
import type { Attempt } from '../../src/audit/attempts/attempt.js';
import type { AuditQuery } from '../../src/audit/audit-query.js';
import { mergedRows } from '../../src/audit/trail-place.js';
import type { DoneRow } from '../../src/audit/trail-row.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { testIndex, TestSource, write } from '../support/audit.js';
import { company } from './small-company.js';

Logger.overrideLogger(false);

const [GROUPS, HEAD] = [24, 26];
const permissions = Array.from({ length: 1_500 }, (_, place) => String(place).padEnd(250, 'x'));
const groups = Array.from({ length: GROUPS }, (_, n): DomainEvent => {
  const facts = { name: `large ${n}`, description: '', external_id: null, permissions };
  return { type: 'GroupCreated', data: { group_id: `g${n}`, ...facts } };
});

test.each([
  ['oldest first', { filters: [], order: 'asc' }],
  ['newest first', { filters: [], order: 'desc' }],
  ['folded', { filters: [], order: 'desc', fold: 'command' }],
] as const satisfies (readonly [string, AuditQuery])[])(
  'a page of large entries ends early, and the next one goes on behind it: %s',
  async (_, query) => {
    const store = await company(3);
    for (const [place, group] of groups.entries()) await write(store, 'one', 2 + place, [group]);
    const index = testIndex(new TestSource(store));
    const seen: number[] = [];
    const at = { account: 'one', revision: HEAD };
    for (let cursor: string | null | undefined; cursor !== null;) {
      const paging = { limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
      const answer = (await index.answer({ kind: 'page', at, now: 0, query, paging })) as AuditPage;
      expect(JSON.stringify(answer).length).toBeLessThan(5 * 1024 * 1024);
      seen.push(...answer.entries.map(({ revision }) => revision));
      expect(seen.length).toBeLessThanOrEqual(HEAD + 1);
      ({ next_cursor: cursor } = answer);
    }
    const rising = [...new Set(seen)].sort((a, b) => a - b);
    expect(seen).toEqual(query.order === 'asc' ? rising : rising.reverse());
    expect(seen).toHaveLength('fold' in query ? GROUPS + 2 : HEAD + 1);
    await index.stop();
  },
);

test('what was tried after the last entry of a page waits for the entries that are still to come', () => {
  const done = [{ revision: 1, time: '2026-01-01T00:00:00.000Z' }] as DoneRow[];
  const tried = [
    { at: 0, time: '2025-12-31T00:00:00.000Z', id: 'a' },
    { at: 1, time: '2026-01-02T00:00:00.000Z', id: 'b' },
  ] as Attempt[];
  expect(mergedRows(done, tried, 'asc', 10, true).rows).toEqual([tried[0], done[0]]);
  expect(mergedRows(done, tried, 'asc', 10).rows).toEqual([tried[0], done[0], tried[1]]);
});
