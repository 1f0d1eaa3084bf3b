import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Clock } from '../../src/application/clock.js';
import type { Attempt, AttemptPlace, AttemptQuery } from '../../src/audit/attempts/attempt.js';
import { AttemptJournal } from '../../src/audit/attempts/attempt-journal.js';
import { Attempts } from '../../src/audit/attempts/attempts.js';
import type { TriedAttempt } from '../../src/audit/attempts/flood.js';
import type { FilterField } from '../../src/audit/audit-query.js';
import { Rejection } from '../../src/domain/rejection.js';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { SqliteAttemptLog } from '../../src/event-store/sqlite.attempt-log.js';
import { everything } from '../support/attempts.js';

const START = Date.parse('2026-03-03T14:00:00.000Z');
const timeOf = (n: number) => START + n * 60_000;

function tried(n: number, facts: Partial<TriedAttempt>): TriedAttempt {
  return {
    ...{ id: `id${n}`, time: new Date(timeOf(n)).toISOString(), at: n * 10, outcome: 'refused' },
    ...{ event: null, revision: null, route: 'DELETE /api/v2/groups/{id}', status: 403, via: 'v2' },
    ...{ code: 'access_denied', actor: { kind: 'user', id: 'jane', name: 'Jané Doe' }, claimed: null },
    ...{ credential: { kind: 'api_key', id: 'k1', name: 'Nightly sync' }, subjects: [], request_id: `r${n}` },
    source: { address: '192.0.2.1', user_agent: null },
    ...facts,
  };
}

const jim = { kind: 'user', id: 'jim', name: 'Jim' } as const;
const all = [
  tried(0, { subjects: [{ type: 'group', id: 'g', name: 'Managers' }] }),
  tried(1, { actor: jim, via: 'v1', subjects: [{ type: 'user', id: 'u', name: 'Ann Archer' }] }),
  tried(2, {
    ...{ outcome: 'failed', actor: null, code: 'auth_fail', status: 401 },
    ...{ claimed: { email: 'zoe@example.com' }, credential: { kind: 'password', id: null, name: null } },
  }),
  tried(3, { outcome: 'read', code: null, status: 200, actor: jim, subjects: [] }),
  tried(4, { subjects: [{ type: 'role', id: 'g', name: null }], credential: null }),
];

const log = new SqliteAttemptLog(':memory:', () => Promise.resolve('log'));
const journal = new AttemptJournal(log, { days: 30, now: () => Date.now() });
const attempts = new Attempts(journal, new Clock());

beforeAll(() => {
  for (const attempt of all) journal.note('acme', attempt);
});
afterAll(() => journal.stop());

async function found(query: Partial<AttemptQuery>, after?: AttemptPlace, limit = 100): Promise<string> {
  const asked = { ...everything, order: 'asc' as const, ...query };
  const page = await attempts.page('acme', asked, { limit, ...(after ? { after } : {}) });
  return page.attempts.map(({ id }) => id.slice(2)).join('') + (page.hasMore ? '…' : '');
}

const only = (field: FilterField, ...values: string[]) => ({
  filters: [{ field, values, isNegated: false }],
});
const not = (field: FilterField, ...values: string[]) => ({ filters: [{ field, values, isNegated: true }] });

describe('Attempts are found', () => {
  test.each<[Partial<AttemptQuery>, string]>([
    [{}, '01234'],
    [{ order: 'desc' }, '43210'],
    [{ outcomes: ['refused'] }, '014'],
    [{ outcomes: ['failed', 'read'] }, '23'],
    [only('actor', 'jane'), '04'],
    [only('actor', 'jane', 'jim'), '0134'],
    [not('actor', 'jane'), '123'],
    [only('subject', 'g'), '04'],
    [only('group', 'g'), '0'],
    [only('role', 'g'), '4'],
    [only('user', 'u'), '1'],
    [only('credential', 'k1'), '013'],
    [only('credential', 'password'), '2'],
    [only('via', 'v1'), '1'],
    [only('request_id', 'r3'), '3'],
    [only('q', 'jane DO'), '04'],
    [only('q', 'zoe'), '2'],
    [only('q', 'nightly manag'), '0'],
    [only('privileged', 'true'), ''],
    [only('privileged', 'false'), '01234'],
    [only('type', 'GroupDeleted'), ''],
    [not('type', 'GroupDeleted'), '01234'],
    [only('category', 'delete'), ''],
    [only('command_id', 'c'), ''],
    [{ filters: [...only('actor', 'jim').filters, ...not('user', 'u').filters] }, '3'],
    [{ from: { time: timeOf(1) }, to: { time: timeOf(3) } }, '123'],
    [{ from: { revision: 10 }, to: { revision: 29 } }, '12'],
    [{ from: { revision: 20 }, to: { time: timeOf(3) } }, '23'],
  ])('by %j: %s', async (query, wanted) => {
    expect(await found(query)).toBe(wanted);
  });
});

test('A walk over pages shows each attempt once, and says when it is over', async () => {
  for (const order of ['asc', 'desc'] as const) {
    const query = { ...everything, order, outcomes: ['refused', 'failed'] } satisfies AttemptQuery;
    const seen: Attempt[] = [];
    for (let hasMore = true; hasMore;) {
      const after = seen.at(-1);
      const page = await attempts.page('acme', query, { limit: 1, ...(after ? { after } : {}) });
      expect(page.attempts).toHaveLength(1);
      seen.push(...page.attempts);
      ({ hasMore } = page);
    }
    expect(seen.map(({ id }) => id)).toEqual(
      order === 'asc' ? ['id0', 'id1', 'id2', 'id4'] : ['id4', 'id2', 'id1', 'id0'],
    );
  }
});

test('An attempt is shown as it was noted, without the door that it came to', async () => {
  const { attempts: shown } = await attempts.page('acme', everything, { limit: 100 });
  expect(shown.at(-1)).toEqual({ ...all[0], via: undefined, repeated: 0 });
  expect(Object.keys(shown[0] ?? {})).not.toContain('via');
});

test.each<[Partial<AttemptQuery>]>([
  [{ from: { time: 2 }, to: { time: 1 } }],
  [{ from: { revision: 2 }, to: { revision: 1 } }],
  [{ from: { time: Date.now() + 3_600_000 } }],
])('%j is a bad request', async (query) => {
  await expect(found(query)).rejects.toMatchObject({ code: 'bad_request' });
});

test('While the store does not answer, questions are told to come again', async () => {
  const dead = new SqliteAttemptLog(':memory:', () => Promise.reject(new StoreUnavailable('gone')));
  const other = new AttemptJournal(dead, { days: 30, now: () => Date.now() });
  const asked = new Attempts(other, new Clock()).page('acme', everything, { limit: 1 });
  await expect(asked).rejects.toThrow(Rejection);
  await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
  await other.stop();
});

test('Of a journal that is off there is nothing, and no error', async () => {
  const off = new Attempts(new AttemptJournal(undefined, { days: 0, now: () => Date.now() }), new Clock());
  expect(await off.page('acme', everything, { limit: 1 })).toEqual({ attempts: [], hasMore: false });
  expect(await off.sourcesOf('acme', ['c'])).toEqual(new Map());
});
