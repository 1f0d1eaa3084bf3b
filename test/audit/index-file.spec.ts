import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AuditSource } from '../../src/audit/source.js';
import type { Session } from '../../src/audit/index/session.js';
import { emptyAccountState, evolve } from '../../src/domain/account-state.js';
import { pragma } from '../../src/event-store/sqlite.js';
import { recordsIn, testIndex, TestSource, write } from '../support/audit.js';
import { inDirectory } from '../support/views.js';
import { company, page, patiently, renamed } from './small-company.js';

Logger.overrideLogger(false);

describe('the file of the index', () => {
  async function indexOnce(
    source: AuditSource,
    path: string,
    revision: number,
    code = 'test',
  ): Promise<void> {
    const index = testIndex(source, { path, code });
    await page(index, 'one', revision);
    await index.stop();
  }

  test('is gone on with after a restart, from a snapshot and not from the first event', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'audit.db');
      const store = await company(2_000);
      await indexOnce(new TestSource(store), path, 1_999);
      await write(store, 'one', 1_999, [renamed('ada', 'Grace')]);
      const state = emptyAccountState();
      const records = (await recordsIn(store, 'one')).slice(0, 1_501);
      for (const record of records) evolve(state, record);
      const eventId = records.at(-1)?.id ?? '';
      const source = new TestSource(store, () => Promise.resolve({ state, revision: 1_500, eventId }));
      const afters: number[] = [];
      source.beforeRead = (_, after) => afters.push(after);
      const index = testIndex(source, { path });
      const entries = await page(index, 'one', 2_000, { filters: [], order: 'desc' });
      expect(entries[0]).toMatchObject({ revision: 2_000, summary: 'UserRenamed of Ada1997 Admin' });
      expect(entries).toHaveLength(1_000);
      expect(Math.min(...afters)).toBe(1_499);
      await index.stop();
    });
  });

  test('without a good snapshot its state comes from the first event', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'audit.db');
      const store = await company(600);
      await indexOnce(new TestSource(store), path, 599);
      await write(store, 'one', 599, [renamed('ada', 'Grace')]);
      const other = { state: emptyAccountState(), revision: 300, eventId: 'of another log' };
      const index = testIndex(new TestSource(store, () => Promise.resolve(other)), { path });
      const [entry] = await page(index, 'one', 600, { filters: [], order: 'desc' });
      expect(entry?.summary).toBe('UserRenamed of Ada597 Admin');
      await index.stop();
    });
  });

  test.each([
    ['an account has another event at the checkpoint', { shared: true, code: 'test' }],
    ['the log is another one', { shared: false, code: 'test' }],
    ['other code has written it', { shared: true, code: 'newer' }],
  ])('is made anew when %s', async (_, { shared, code }) => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'audit.db');
      const before = await company(50);
      await indexOnce(new TestSource(before), path, 49);
      const now = await company(30);
      const source = new TestSource(now);
      if (shared) source.logId = () => before.logId();
      const index = testIndex(source, { path, code });
      const entries = await page(index, 'one', 29);
      expect(entries.map(({ command_id }) => command_id)).toEqual(
        (await recordsIn(now, 'one')).map(({ metadata }) => metadata.command_id),
      );
      await index.stop();
    });
  });

  test.each([
    ['empty', () => Buffer.alloc(0)],
    ['no database', (bytes: Buffer) => Buffer.alloc(bytes.length, 'x')],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    [
      'damaged within',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 'x')]),
    ],
  ])('is made anew when it is %s', async (_, damaged) => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'audit.db');
      const store = await company(3_000);
      await indexOnce(new TestSource(store), path, 2_999);
      writeFileSync(path, damaged(readFileSync(path)));
      const index = testIndex(new TestSource(store), { path });
      expect(await patiently(() => page(index, 'one', 2_999))).toHaveLength(1_000);
      await index.stop();
    });
  });

  test('that has no room any more refuses what it cannot index, and goes on when there is room', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'audit.db');
      const store = await company(100);
      const index = testIndex(new TestSource(store), { path });
      await page(index, 'one', 99);
      const { session } = Reflect.get(index, 'opened') as { session: Session };
      session.database.commit();
      // SQLite fails then as on a full disk, on this connection alone.
      const size = pragma(session.database.database, 'page_count');
      session.database.database.exec(`PRAGMA max_page_count = ${String(size)}`);
      const names = Array.from({ length: 500 }, (_, at) => renamed('ada', `Grace${String(at)}`));
      await write(store, 'one', 99, names);
      await expect(page(index, 'one', 599)).rejects.toMatchObject({ code: 'unavailable' });
      expect(await patiently(() => page(index, 'one', 599))).toHaveLength(600);
      await index.stop();
    });
  });

  test('refuses questions while it cannot be opened, and answers when it can', async () => {
    await inDirectory(async (directory) => {
      const [gone, there] = [join(directory, 'gone'), join(directory, 'there')];
      mkdirSync(there);
      const index = testIndex(new TestSource(await company(3)), { path: join(gone, 'audit.db') });
      await expect(page(index, 'one', 2)).rejects.toMatchObject({ code: 'unavailable' });
      renameSync(there, gone);
      expect(await patiently(() => page(index, 'one', 2))).toHaveLength(3);
      await index.stop();
    });
  });
});
