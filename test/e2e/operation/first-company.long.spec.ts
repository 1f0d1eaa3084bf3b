import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { accountStream } from '../../../src/event-store/codec.js';
import { NO_STREAM } from '../../../src/event-store/event-store.js';
import { copyLog } from '../../../src/event-store/log-copy.js';
import { PrefixedEventStore } from '../../../src/event-store/prefixed.event-store.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { RunningApp } from '../../support/app.js';
import { drain } from '../../support/log.js';
import { openCompany } from '../../support/people.js';
import { DataDirectories } from '../../support/process.js';

const data = new DataDirectories();
const running: RunningApp[] = [];

afterEach(() => Promise.all(running.splice(0).map((app) => app.stop())));
afterAll(() => data.remove());

async function start(name: string, settings: Record<string, string> = {}): Promise<RunningApp> {
  const app = await RunningApp.start({
    ...{ EVENT_STORE: 'sqlite', MUSTER_DATA_DIR: data.at(name), MUSTER_STREAM_PREFIX: '' },
    ...settings,
  });
  running.push(app);
  return app;
}

async function stop(app: RunningApp): Promise<void> {
  running.splice(running.indexOf(app), 1);
  await app.stop();
}

/** Works on the log of a directory while the service is stopped. */
async function onLog<Result>(name: string, work: (store: SqliteEventStore) => Promise<Result>) {
  const store = SqliteEventStore.open(data.at(name));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The names of all streams, each once. */
const streamsOf = (name: string) =>
  onLog(name, async (store) => [...new Set((await drain(store.readAll(''))).map(({ stream }) => stream))]);

const byPassword = (app: RunningApp) =>
  app.request('GET', '/api/1.0/users', {
    headers: { authorization: `Basic ${btoa('admin@example.com:admin-password')}` },
  });

test('a log that was copied under another prefix has the company it had, and no second one', async () => {
  const first = await start('source');
  const account = await first.v2()('GET', '/account');
  expect(account.status).toBe(200);
  await stop(first);
  const count = await onLog('source', (source) =>
    onLog('target', async (target) => (await copyLog(source, new PrefixedEventStore(target, 'p-'))).events),
  );

  const second = await start('target', { MUSTER_STREAM_PREFIX: 'p-' });
  expect((await byPassword(second)).status).toBe(200);
  expect((await second.v2()('GET', '/account')).body).toEqual(account.body);
  await stop(second);
  const names = (await streamsOf('target')).filter((name) => name.includes('account-'));
  expect(names).toEqual((await streamsOf('source')).map((name) => `p-${name}`));
  // The sign-in by password is the one event that came here.
  expect(await onLog('target', async (store) => (await drain(store.readAll('p-'))).length)).toBe(count + 1);
});

test('a prefix without a company beside one that has its own opens a company of its own, when that is said to be meant', async () => {
  await stop(await start('shared'));
  const other = await start('shared', {
    ...{ MUSTER_STREAM_PREFIX: 'other-', MUSTER_NEW_LOG: 'yes' },
    MUSTER_ADMIN_API_KEY: 'the-key-of-another-one',
  });
  expect((await other.v2('the-key-of-another-one')('GET', '/account')).status).toBe(200);
  expect((await other.v2()('GET', '/account')).status).toBe(401);
  await stop(other);
  expect(await streamsOf('shared')).toHaveLength(2);
});

test('a directory of companies that the operator has opened gets none at a later start', async () => {
  const first = await start('operated');
  const { admin } = await openCompany(first);
  await stop(first);
  const before = await streamsOf('operated');
  expect(before).toHaveLength(2);
  const second = await start('operated');
  expect((await second.v2(admin.key)('GET', '/account')).status).toBe(200);
  await stop(second);
  expect(await streamsOf('operated')).toEqual(before);
});

test.each(['UserTeleported', 'CompanyOpened'])(
  'a log whose only company cannot be read, from an event %s on, gets no other one',
  async (type) => {
    const event = { id: randomUUID(), type, data: '{}', metadata: '{"v":99}' };
    await onLog(type, (store) => store.append(accountStream('lost'), NO_STREAM, [event]));
    for (const start_ of ['first', 'second']) {
      const app = await start(type);
      expect([start_, (await app.v2()('GET', '/account')).status]).toEqual([start_, 401]);
      expect((await app.request('GET', '/health/ready')).body).toMatchObject({
        ...{ status: 'degraded', stopped_accounts: [{ account: 'lost', kind: 'unreadable' }] },
      });
      await stop(app);
    }
    expect(await streamsOf(type)).toEqual([accountStream('lost')]);
  },
);
