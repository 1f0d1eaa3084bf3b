import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditCount, AuditPage, FoldedEntry, ShownEntry } from '../../src/audit/answers.js';
import type { AuditQuery } from '../../src/audit/audit-query.js';
import type { AuditIndex } from '../../src/audit/index/audit-index.js';
import type { ExportStep } from '../../src/audit/index/answering.js';
import type { AuditQuestion } from '../../src/audit/question.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { revisionsOf, testIndex, TestSource } from '../support/audit.js';
import { writeBusyAccount } from './busy-account.js';
import { entriesWanted, matches, queries } from './wanted-entries.js';

const account = 'busy';
/** More than two full blocks. */
const COUNT = 9_000;
const query = queries(COUNT);
const now = Date.parse('2030-01-01T00:00:00.000Z');

let index: AuditIndex;
let all: readonly ShownEntry[] = [];
let head = 0;

type Asked = AuditQuestion extends infer One
  ? One extends unknown
    ? Omit<One, 'at' | 'now'>
    : never
  : never;

async function ask<Answer>(question: Asked): Promise<Answer> {
  const whole = { ...question, at: { account, revision: head }, now } as AuditQuestion;
  return (await index.answer(whole)) as Answer;
}

async function exported(query: AuditQuery): Promise<ShownEntry[]> {
  const rows: string[] = [];
  let step: ExportStep | undefined;
  do {
    const after = step?.next ?? undefined;
    step = await ask<ExportStep>({ kind: 'export', query, ...(after ? { after } : {}) });
    expect(step.revisions).toHaveLength(step.rows.length);
    rows.push(...step.rows);
  } while (step.next);
  return rows.map((row) => JSON.parse(row) as ShownEntry);
}

beforeAll(async () => {
  const store = new MemoryEventStore();
  const records = await writeBusyAccount(store, account, COUNT);
  head = records.length - 1;
  index = testIndex(new TestSource(store));
  all = await exported({ filters: [], order: 'asc' });
});
afterAll(() => index.stop());

async function walk(asked: AuditQuery, limit: number): Promise<(ShownEntry | FoldedEntry)[]> {
  const entries: (ShownEntry | FoldedEntry)[] = [];
  let cursor: string | null = null;
  do {
    const paging = { limit, ...(cursor === null ? {} : { cursor }) };
    const page: AuditPage = await ask<AuditPage>({ kind: 'page', query: asked, paging });
    expect(page.entries.length === limit || page.next_cursor === null).toBe(true);
    entries.push(...page.entries);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return entries;
}

describe('the index of an account', () => {
  test('has every event once, in the order of the log', () => {
    expect(revisionsOf(all)).toEqual(Array.from({ length: head + 1 }, (_, revision) => revision));
  });

  test('gives exactly what all filters let through, page by page, in both orders', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const wanted = entriesWanted(all, asked);
        const found = await walk(asked, Math.max(40, Math.ceil(wanted.length / 6)));
        expect(revisionsOf(found)).toEqual(revisionsOf(wanted));
        expect(found[0]).toEqual(wanted[0]);
      }),
      { numRuns: 80 },
    );
  });

  test('exports what the pages have', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        expect(revisionsOf(await exported(asked))).toEqual(revisionsOf(entriesWanted(all, asked)));
      }),
      { numRuns: 40 },
    );
  });

  test('finds the entries of a command', async () => {
    const { command_id } = all[5000] ?? { command_id: '' };
    const filters = [{ field: 'command_id', isNegated: false, values: [command_id] }] as const;
    const wanted = all.filter((entry) => entry.command_id === command_id);
    expect(await walk({ filters, order: 'asc' }, 10)).toEqual(wanted);
  });

  test('folds commands: the last entry of each, with what all of them are about', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const commands = [...new Set(entriesWanted(all, asked).map(({ command_id }) => command_id))];
        const found = await walk({ ...asked, fold: 'command' }, Math.max(40, Math.ceil(commands.length / 6)));
        expect(found.map(({ command_id }) => command_id)).toEqual(commands);
        const [row] = found;
        if (!row) return;
        const entries = all.filter(({ command_id }) => command_id === row.command_id);
        const { subjects, changes, ...last } = entries.at(-1) as ShownEntry;
        expect(row).toMatchObject({ ...last, count: entries.length, revisions: revisionsOf(entries) });
        expect(row.changes).toEqual(entries.flatMap((entry) => entry.changes));
        expect(row.subjects).toEqual(expect.arrayContaining([...subjects]));
        expect(changes.length).toBeLessThanOrEqual(row.changes.length);
      }),
      { numRuns: 40 },
    );
  });

  test('counts by category, actor, event and span of time', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const wanted = entriesWanted(all, asked);
        const count = (keyOf: (entry: ShownEntry) => string) => {
          const counts = new Map<string, number>();
          for (const entry of wanted) counts.set(keyOf(entry), (counts.get(keyOf(entry)) ?? 0) + 1);
          return counts;
        };
        const stats = (by: 'hour' | 'day' | 'week' | 'category' | 'actor' | 'event') =>
          ask<AuditCount[]>({ kind: 'stats', query: asked, by });
        const pairs = (counts: readonly AuditCount[]) => new Map(counts.map((one) => [one.key, one.count]));
        expect(pairs(await stats('category'))).toEqual(count(({ category }) => category));
        expect(pairs(await stats('event'))).toEqual(count(({ event }) => event));
        expect(pairs(await stats('actor'))).toEqual(count(({ actor }) => actor.id ?? actor.kind));
        expect(pairs(await stats('hour'))).toEqual(count(({ time }) => `${time.slice(0, 13)}:00:00.000Z`));
        expect(pairs(await stats('day'))).toEqual(count(({ time }) => `${time.slice(0, 10)}T00:00:00.000Z`));
        const weeks = await stats('week');
        expect(weeks.map(({ key }) => new Date(key).getUTCDay())).toEqual(weeks.map(() => 1));
        expect(weeks.map(({ key }) => key)).toEqual(weeks.map(({ key }) => key).sort());
        expect(weeks.reduce((sum, one) => sum + one.count, 0)).toBe(wanted.length);
        const counts = (await stats('actor')).map((one) => one.count);
        expect(counts).toEqual([...counts].sort((one, other) => other - one));
      }),
      { numRuns: 25 },
    );
  });

  test('takes a time to be the last revision whose running maximum of time is not later', async () => {
    let latest = 0;
    const running = all.map(({ time }) => (latest = Math.max(latest, Date.parse(time))));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(head),
        fc.nat(head),
        fc.integer({ min: -1, max: 1 }),
        async (one, other, shift) => {
          const times = [running[one] ?? 0, running[other] ?? 0].map((time) => time + shift);
          const [from = 0, to = 0] = times.sort((some, more) => some - more);
          const wanted = all.filter((_, at) => (running[at] ?? 0) >= from && (running[at] ?? 0) <= to);
          const found = await exported({ filters: [], order: 'asc', from: { time: from }, to: { time: to } });
          expect(revisionsOf(found)).toEqual(revisionsOf(wanted));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('tells the history of one thing with the changes of that alone, newest first', async () => {
    const thing = { type: 'user', id: 'user-3' } as const;
    const page = await ask<AuditPage>({ kind: 'history', thing, paging: { limit: 100 } });
    const wanted = all.filter((entry) => matches(entry, 'user', thing.id)).reverse();
    expect(page.entries).toEqual(wanted.slice(0, 100));
    const rest = await ask<AuditPage>({
      kind: 'history',
      thing,
      paging: { limit: 100, cursor: page.next_cursor ?? '' },
    });
    expect(revisionsOf(rest.entries)).toEqual(revisionsOf(wanted.slice(100, 200)));
  });

  test('gives one entry, and none beyond the head', async () => {
    expect(await ask({ kind: 'entry', revision: 4096 })).toEqual(all[4096]);
    expect(await ask({ kind: 'entry', revision: head + 1 })).toBeNull();
  });

  describe('refuses', () => {
    const refused = { code: 'bad_request' };
    const page = (asked: Partial<AuditQuery>, cursor?: string) =>
      ask<AuditPage>({
        kind: 'page',
        query: { filters: [], order: 'desc', ...asked },
        paging: { limit: 10, ...(cursor === undefined ? {} : { cursor }) },
      });

    test('a cursor of another query, order or account, and what is none', async () => {
      const { next_cursor } = await page({});
      const cursor = next_cursor ?? '';
      await expect(page({}, cursor)).resolves.toBeDefined();
      await expect(page({ order: 'asc' }, cursor)).rejects.toMatchObject(refused);
      await expect(page({ fold: 'command' }, cursor)).rejects.toMatchObject(refused);
      await expect(page({ to: { revision: head } }, cursor)).rejects.toMatchObject(refused);
      const [revision, top, check] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
      const forged = [[Number(revision) - 1, top, check], [revision, 'x', check], [], {}, null];
      for (const one of forged) {
        const text = Buffer.from(JSON.stringify(one)).toString('base64url');
        await expect(page({}, text)).rejects.toMatchObject(refused);
      }
      await expect(page({}, 'nonsense')).rejects.toMatchObject(refused);
    });

    test('a range that is reversed or begins beyond the head', async () => {
      const [early, late] = [{ time: 1 }, { time: 2 }];
      await expect(page({ from: { revision: 5 }, to: { revision: 4 } })).rejects.toMatchObject(refused);
      await expect(page({ from: late, to: early })).rejects.toMatchObject(refused);
      await expect(page({ from: { revision: 5 }, to: early })).rejects.toMatchObject(refused);
      await expect(page({ from: { revision: head + 1 } })).rejects.toMatchObject(refused);
      await expect(page({ from: { time: now + 1 } })).rejects.toMatchObject(refused);
      expect(await page({ from: { time: now } })).toEqual({ entries: [], next_cursor: null });
      expect(await page({ from: early, to: late })).toEqual({ entries: [], next_cursor: null });
      expect((await page({ from: early, to: { revision: head + 10 } })).entries).toHaveLength(10);
    });

    test('a search without a word', async () => {
      const filters = [{ field: 'q', isNegated: false, values: ['"!"'] }] as const;
      await expect(page({ filters })).rejects.toMatchObject(refused);
    });
  });
});
