import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { createApp, listen } from '../../../src/app.js';
import { Lifecycle } from '../../../src/application/lifecycle.js';
import { readConfig } from '../../../src/config/config.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { createLog } from '../../../src/json-logger.js';
import { adminKey } from '../../support/api-client.js';
import { DataDirectories } from '../../support/process.js';
import { writeLog } from './old-log.js';

const data = new DataDirectories();
let [directory, count] = ['', 0];

beforeEach(() => {
  directory = data.at(String(count++));
});
afterAll(() => data.remove());

/** Starts and stops the service. @throws what the start ends with */
async function start(settings: Record<string, string> = {}): Promise<void> {
  const config = readConfig({
    ...{ PORT: '0', LOG_LEVEL: 'silent', MUSTER_DATA_DIR: directory, MUSTER_ADMIN_API_KEY: adminKey },
    ...{ MUSTER_ADMIN_PASSWORD: 'admin-password', ...settings },
  });
  const app = await createApp(config, createLog(config.logLevel));
  try {
    await listen(app, config);
    await app.get(Lifecycle).started;
  } finally {
    await app.close();
  }
}

async function used(): Promise<void> {
  await writeLog(directory, 3);
  await start();
}

const removeLog = () => {
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, `events.db${end}`), { force: true });
};

test('a start whose log is gone is refused and makes none, until it is said that a new one is meant', async () => {
  await used();
  removeLog();
  const refusal = await start().catch((error: unknown) => String(error));
  expect(refusal).toContain(`The event log is gone: ${directory} holds views.db, but no events.db`);
  expect(refusal).toMatch(/MUSTER_NEW_LOG=yes/);
  expect(existsSync(join(directory, 'events.db'))).toBe(false);
  await start({ MUSTER_NEW_LOG: 'yes' });
  await start();
});

test('snapshots alone tell that there was a log', async () => {
  mkdirSync(join(directory, 'snapshots'), { recursive: true });
  writeFileSync(join(directory, 'snapshots', 'acme.ndjson'), '');
  await expect(start()).rejects.toThrow(`${directory} holds snapshots, but no events.db`);
});

test('a log that is there but empty, or another one without accounts, is gone as well', async () => {
  await used();
  removeLog();
  await SqliteEventStore.open(directory).close();
  await expect(start()).rejects.toThrow('it holds no account, but in');
  await start({ MUSTER_NEW_LOG: 'yes' });
});

test('with another prefix the log is another one', async () => {
  await used();
  await expect(start({ MUSTER_STREAM_PREFIX: 'other-' })).rejects.toThrow('MUSTER_STREAM_PREFIX');
});

test('an older log that was restored is a log: the views are made anew from it', async () => {
  await used();
  removeLog();
  await writeLog(directory, 2);
  await start();
});

test('a first start that broke off goes on: with an empty log, with empty views', async () => {
  await SqliteEventStore.open(directory).close();
  writeFileSync(join(directory, 'views.db'), '');
  await start();
  await start();
});
