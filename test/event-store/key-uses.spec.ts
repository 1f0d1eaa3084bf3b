import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { SqliteKeyUses } from '../../src/event-store/sqlite.key-uses.js';
import { keyUsesContract, use } from './key-uses-contract.js';

const fresh = () => mkdtempSync(join(tmpdir(), 'muster-key-uses-'));

keyUsesContract('uses of keys in memory', () => ({
  open: () => Promise.resolve(new SqliteKeyUses(':memory:')),
  remove: () => Promise.resolve(),
}));

keyUsesContract('uses of keys in an SQLite file', () => {
  const directory = fresh();
  return {
    open: () => Promise.resolve(new SqliteKeyUses(join(directory, 'key-uses.db'))),
    remove: () => rm(directory, { recursive: true }),
  };
});

test('A file of uses has them when it is opened again, for its owner alone', async () => {
  const directory = fresh();
  const path = join(directory, 'key-uses.db');
  const one = new SqliteKeyUses(path);
  await one.keep('acme', [use('a')]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await one.close();
  const again = new SqliteKeyUses(path);
  expect((await again.of('acme', ['a'])).size).toBe(1);
  await again.close();
  rmSync(directory, { recursive: true });
});

test('A damaged file of uses is moved aside; a place where none can be written is unavailable', async () => {
  const directory = fresh();
  const path = join(directory, 'key-uses.db');
  writeFileSync(path, 'This was a database once. '.repeat(100));
  const damaged = new SqliteKeyUses(path);
  await damaged.keep('acme', [use('a')]);
  expect((await damaged.of('acme', ['a'])).size).toBe(1);
  expect(existsSync(`${path}.damaged`)).toBe(true);
  await damaged.close();
  const nowhere = new SqliteKeyUses(join(directory, 'later', 'key-uses.db'));
  await expect(nowhere.keep('acme', [use('a')])).rejects.toThrow(StoreUnavailable);
  await nowhere.close();
  rmSync(directory, { recursive: true });
});
