import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { SqliteAttemptLog } from '../../src/event-store/sqlite.attempt-log.js';
import { attemptLogContract, idsIn } from './attempt-contract.js';

const logId = () => Promise.resolve('log');

attemptLogContract('the attempt log in memory', () => ({
  open: () => Promise.resolve(new SqliteAttemptLog(':memory:', logId)),
  remove: () => Promise.resolve(),
}));

attemptLogContract('the attempt log in an SQLite file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-attempts-'));
  return {
    open: () => Promise.resolve(new SqliteAttemptLog(join(directory, 'attempts.db'), logId)),
    remove: () => rm(directory, { recursive: true }),
  };
});

const batch = { attempts: [{ id: 'a', time: 1, at: 0, data: '{}' }], writes: [] };

function fresh(): { directory: string; path: string } {
  const directory = mkdtempSync(join(tmpdir(), 'muster-attempts-'));
  return { directory, path: join(directory, 'attempts.db') };
}

test('A file has its attempts when it is opened again, beside the same log alone, and for its owner alone', async () => {
  const { directory, path } = fresh();
  const log = new SqliteAttemptLog(path, logId);
  await log.append('acme', batch);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await log.close();
  const other = new SqliteAttemptLog(path, () => Promise.resolve('another log'));
  expect(await idsIn(other, 'acme')).toEqual([]);
  await other.close();
  const again = new SqliteAttemptLog(path, logId);
  expect(await idsIn(again, 'acme')).toEqual(['a']);
  await again.close();
  rmSync(directory, { recursive: true });
});

test('A damaged file is moved aside, and a new one begun', async () => {
  const { directory, path } = fresh();
  writeFileSync(path, 'This was a database once. '.repeat(100));
  const log = new SqliteAttemptLog(path, logId);
  await log.append('acme', batch);
  expect(await idsIn(log, 'acme')).toEqual(['a']);
  expect(readFileSync(`${path}.damaged`, 'utf8')).toContain('once');
  await log.close();
  rmSync(directory, { recursive: true });
});

test('A place where nothing can be written is said to be unavailable, and tried again', async () => {
  const { directory } = fresh();
  const path = join(directory, 'later', 'attempts.db');
  const log = new SqliteAttemptLog(path, logId);
  await expect(log.append('acme', batch)).rejects.toThrow(StoreUnavailable);
  expect(existsSync(path)).toBe(false);
  await log.close();
  rmSync(directory, { recursive: true });
});
