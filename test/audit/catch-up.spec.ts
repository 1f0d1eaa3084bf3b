import { describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AuditPage, ShownEntry } from '../../src/audit/answers.js';
import type { ExportStep } from '../../src/audit/index/answering.js';
import type { AuditIndex } from '../../src/audit/index/audit-index.js';
import { accountStream } from '../../src/event-store/codec.js';
import { NO_STREAM, StoreUnavailable } from '../../src/event-store/event-store.js';
import { revisionsOf, testEntry, testIndex, TestSource, write } from '../support/audit.js';
import { company, created, everything, opened, page, patiently, renamed } from './small-company.js';

Logger.overrideLogger(false);

describe('what was written', () => {
  test('is found at once by whoever asks as of its revision', async () => {
    const store = await company(3);
    const index = testIndex(new TestSource(store));
    expect(await page(index, 'one', 2)).toHaveLength(3);
    await write(store, 'one', 2, [renamed('ada', 'Grace')]);
    expect((await page(index, 'one', 3)).at(-1)?.changes[0]).toMatchObject({ after: 'Grace' });
    expect(await page(index, 'one', 2)).toHaveLength(3);
    await index.stop();
  });

  test('is indexed before what nobody has asked for', async () => {
    const store = await company(5_000, 'large');
    await company(3, 'small', store);
    const source = new TestSource(store);
    const index = testIndex(source);
    index.note([['large', 4_999]]);
    let answer: Promise<readonly ShownEntry[]> | undefined;
    source.beforeRead = (account, after) => {
      if (account === 'large' && after > 0) answer ??= page(index, 'small', 2);
    };
    await page(index, 'large', 4_999);
    expect(await answer).toHaveLength(3);
    expect(source.reads.lastIndexOf('small')).toBeLessThan(source.reads.indexOf('large') + 5);
    await index.stop();
  });

  test('can be given up by whoever asked', async () => {
    const index = testIndex(new TestSource(await company(3)));
    const abort = new AbortController();
    abort.abort(new Error('hung up'));
    await expect(page(index, 'one', 2, everything, abort.signal)).rejects.toThrow('hung up');
    await index.stop();
  });

  test('is refused when it takes long to index, with how far that is, and indexed all the same', async () => {
    const source = new TestSource(await company(1_200));
    const index = testIndex(source, { patienceMs: 1 });
    let goOn = (): void => undefined;
    source.beforeRead = (_, after) =>
      after < 0 ? undefined : new Promise<void>((resolve) => (goOn = resolve));
    const asked = page(index, 'one', 1_199);
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    await expect(asked).rejects.toThrow(/\b\d+ of 1200 events/);
    source.beforeRead = () => undefined;
    goOn();
    expect(await patiently(() => page(index, 'one', 1_199))).toHaveLength(1_000);
    await index.stop();
  });

  test('is refused as unavailable as long as the log cannot be read', async () => {
    const source = new TestSource(await company(3));
    const index = testIndex(source);
    source.beforeRead = () => {
      throw new StoreUnavailable('away');
    };
    await expect(page(index, 'one', 2)).rejects.toMatchObject({ code: 'unavailable' });
    source.beforeRead = () => undefined;
    expect(await page(index, 'one', 2)).toHaveLength(3);
    await index.stop();
  });

  test('is answered up to an event that cannot be read', async () => {
    const store = await company(3);
    const unreadable = { id: 'x', type: 'FromTheFuture', data: '{}', metadata: '{}' };
    await store.append(accountStream('one'), 2, [unreadable]);
    const index = testIndex(new TestSource(store));
    expect(await page(index, 'one', 2)).toHaveLength(3);
    await expect(page(index, 'one', 3)).rejects.toMatchObject({ code: 'account_unreadable' });
    expect(await page(index, 'one', 2)).toHaveLength(3);
    await index.stop();
  });
});

describe('names from other accounts', () => {
  test('are those at the revision that the actor had there, whatever was indexed first', async () => {
    const store = await company(2, 'parent');
    await write(store, 'parent', 1, [renamed('ada', 'Second')]);
    await write(store, 'parent', 2, [renamed('ada', 'Third')]);
    await write(store, 'child', NO_STREAM, [opened('Child')]);
    const actor = { kind: 'user', id: 'ada', account: 'parent' } as const;
    for (const [at, actorRevision] of [1, 2, 3].entries())
      await write(store, 'child', at, [created(`user-${String(at)}`)], { actor, actorRevision });
    const index = testIndex(new TestSource(store));
    const names = (await page(index, 'child', 3)).map((entry) => entry.actor.name);
    expect(names.slice(1)).toEqual(['Ada Admin', 'Second Admin', 'Third Admin']);
    await index.stop();
  });

  test('do not make two accounts wait for each other', async () => {
    const store = await company(2, 'parent');
    const actor = { kind: 'user', id: 'ada', account: 'parent' } as const;
    await write(store, 'child', NO_STREAM, [opened('Child')], { actor, actorRevision: 1 });
    await write(store, 'parent', 1, [
      { type: 'ClientPropertyAdded', data: { name: 'tier' } },
      { type: 'ClientPropertiesSet', data: { client_id: 'child', properties: { tier: 'gold' } } },
      renamed('ada', 'Second'),
    ]);
    await write(store, 'child', 0, [created('eve')], { actor, actorRevision: 4 });
    const index = testIndex(new TestSource(store));
    expect(await page(index, 'parent', 4)).toHaveLength(5);
    const names = (await page(index, 'child', 1)).map((entry) => entry.actor.name);
    expect(names).toEqual(['Ada Admin', 'Second Admin']);
    await index.stop();
  });
});

describe('an entry of very many subjects', () => {
  const COUNT = 2_500;

  async function deletion(): Promise<AuditIndex> {
    const source = new TestSource(await company(3));
    const entryOf: typeof testEntry = (...parameters) => {
      const entry = testEntry(...parameters);
      if (entry.revision !== 2) return entry;
      const subjects = Array.from({ length: COUNT }, (_, at) => ({
        ...({ type: 'user', id: `member-${String(at)}`, name: `Member Nr${String(at)}` } as const),
      }));
      const changes = subjects.map(({ id }, of) => ({ field: 'groups', before: { id }, after: null, of }));
      return { ...entry, subjects, changes };
    };
    return testIndex(source, { entryOf });
  }

  test('shows a thousand of them, and how many there are', async () => {
    const index = await deletion();
    const [entry] = await page(index, 'one', 2, { filters: [], order: 'desc' });
    expect(entry?.subjects).toHaveLength(1_000);
    expect(entry?.changes).toHaveLength(1_000);
    expect(entry?.subjects_total).toBe(COUNT);
    await index.stop();
  });

  test('is found by each of them, and is in the history of each with its own change', async () => {
    const index = await deletion();
    for (const [field, value] of [
      ['user', 'member-2499'],
      ['q', 'nr2499'],
    ] as const) {
      const filters = [{ field, isNegated: false, values: [value] }];
      expect(revisionsOf(await page(index, 'one', 2, { filters, order: 'desc' }))).toEqual([2]);
    }
    const thing = { type: 'user', id: 'member-2499' } as const;
    const at = { account: 'one', revision: 2 };
    const question = { kind: 'history', at, now: 0, thing, paging: { limit: 10 } } as const;
    const [entry] = ((await index.answer(question)) as AuditPage).entries;
    expect(entry?.changes).toEqual([{ field: 'groups', before: { id: 'member-2499' }, after: null }]);
    expect(entry?.subjects).toContainEqual({ ...thing, name: 'Member Nr2499' });
    await index.stop();
  });

  test('is exported with all of them', async () => {
    const index = await deletion();
    const at = { account: 'one', revision: 2 };
    const step = (await index.answer({ kind: 'export', at, now: 0, query: everything })) as ExportStep;
    const entry = JSON.parse(step.rows[2] ?? '') as ShownEntry;
    expect([entry.subjects.length, entry.changes.length]).toEqual([COUNT, COUNT]);
    await index.stop();
  });
});
