import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NO_STREAM, StoreUnavailable } from '../../src/event-store/event-store.js';
import { SqliteSubscriberLog } from '../../src/event-store/sqlite.subscriber-log.js';
import { delivery, everything, idsOf, subscriberLogContract } from './subscriber-contract.js';

subscriberLogContract('the subscriber log in memory', () => ({
  open: () => Promise.resolve(new SqliteSubscriberLog(':memory:')),
  remove: () => Promise.resolve(),
}));

function fresh(): { directory: string; path: string } {
  const directory = mkdtempSync(join(tmpdir(), 'muster-subscribers-'));
  return { directory, path: join(directory, 'subscribers.db') };
}

subscriberLogContract('the subscriber log in an SQLite file', () => {
  const { directory, path } = fresh();
  return {
    open: () => Promise.resolve(new SqliteSubscriberLog(path)),
    remove: () => rm(directory, { recursive: true }),
  };
});

test('A file has what subscribers kept when it is opened again, for its owner alone', async () => {
  const { directory, path } = fresh();
  const log = new SqliteSubscriberLog(path);
  await log.save('hook', NO_STREAM, '{"n":1}');
  await log.record('hook', [delivery('a')]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await log.close();
  const again = new SqliteSubscriberLog(path);
  expect(await again.state('hook')).toEqual({ revision: 0, data: '{"n":1}' });
  expect(idsOf(await again.deliveries('hook', everything))).toEqual(['a']);
  await again.close();
  rmSync(directory, { recursive: true });
});

test('A damaged file is moved aside, and a new one begun', async () => {
  const { directory, path } = fresh();
  writeFileSync(path, 'This was a database once. '.repeat(100));
  const log = new SqliteSubscriberLog(path);
  await log.save('hook', NO_STREAM, '{}');
  expect(statSync(`${path}.damaged`).size).toBeGreaterThan(0);
  await log.close();
  rmSync(directory, { recursive: true });
});

test('A place where nothing can be written is said to be unavailable', async () => {
  const { directory } = fresh();
  const log = new SqliteSubscriberLog(join(directory, 'later', 'subscribers.db'));
  await expect(log.save('hook', NO_STREAM, '{}')).rejects.toThrow(StoreUnavailable);
  await log.close();
  rmSync(directory, { recursive: true });
});
