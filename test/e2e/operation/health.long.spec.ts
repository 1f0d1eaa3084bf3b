import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createApp, listen as listenAt } from '../../../src/app.js';
import { Lifecycle } from '../../../src/application/lifecycle.js';
import { readConfig } from '../../../src/config/config.js';
import { accountStream } from '../../../src/event-store/codec.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { openDatabase } from '../../../src/event-store/sqlite.js';
import { createLog } from '../../../src/json-logger.js';
import { adminKey } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { DataDirectories } from '../../support/process.js';
import { oldAccount as account, writeLog } from './old-log.js';

const data = new DataDirectories();
const running: { close(): Promise<void> }[] = [];

beforeAll(() => writeLog(data.at('long'), 30_000));
afterEach(() => Promise.all(running.splice(0).map((app) => app.close())));
afterAll(() => data.remove());

/** Starts the service without waiting until it is ready. */
async function listen(directory: string) {
  const config = readConfig({
    ...{ PORT: '0', LOG_LEVEL: 'silent', MUSTER_DATA_DIR: directory },
    ...{ MUSTER_ADMIN_API_KEY: adminKey, MUSTER_ADMIN_PASSWORD: 'password' },
  });
  const app = await createApp(config, createLog(config.logLevel));
  running.push(app);
  const { url } = await listenAt(app, config);
  return { app, url, started: app.get(Lifecycle).started };
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const text = await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
}

test('while the views catch up with the log the service lives, is not ready and refuses to answer', async () => {
  cpSync(data.at('long'), data.at('rebuilt'), { recursive: true });
  expect(existsSync(data.at('rebuilt/views.db'))).toBe(false);
  const { url, started } = await listen(data.at('rebuilt'));
  const ready = await get(`${url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.text)).toEqual({
    ...{ status: 'down', event_store: 'up', views: 'catching up', stopped_accounts: [] },
  });
  const early = await Promise.all([
    get(`${url}/health/live`),
    get(`${url}/metrics`),
    get(`${url}/api/1/users`, { 'kf-api-key': adminKey }),
    get(`${url}/api/v2/groups`, { authorization: `Bearer ${adminKey}` }),
    get(`${url}/api/v2/groups`),
    get(`${url}/api/v2/password?token=x`),
  ]);
  expect(early.map(({ status }) => status)).toEqual([200, 200, 503, 503, 503, 503]);
  expect(early[1].text).toMatch(/^muster_views_caught_up 0$/m);
  expect(JSON.parse(early[2].text)).toMatchObject({ meta: { status: 503, error_code: 'unavailable' } });
  expect(JSON.parse(early[3].text)).toMatchObject({ status: 503, code: 'unavailable' });
  expect(early.map(({ retryAfter }) => retryAfter)).toEqual([null, null, '1', '1', '1', '1']);

  await started;
  const late = await get(`${url}/health/ready`);
  expect([late.status, JSON.parse(late.text)]).toEqual([
    200,
    { status: 'up', event_store: 'up', views: 'up', stopped_accounts: [] },
  ]);
  expect((await get(`${url}/metrics`)).text).toMatch(/^muster_views_caught_up 1$/m);
  expect((await get(`${url}/api/v2/groups`, { authorization: `Bearer ${adminKey}` })).status).toBe(200);
  expect(existsSync(data.at('rebuilt/views.db'))).toBe(true);
});

test('a stop does not wait until the views have caught up, and the next start goes on', async () => {
  cpSync(data.at('long'), data.at('early'), { recursive: true });
  const first = await listen(data.at('early'));
  expect((await get(`${first.url}/health/ready`)).status).toBe(503);
  await first.app.close();
  const { url, started } = await listen(data.at('early'));
  await started;
  expect((await get(`${url}/health/ready`)).status).toBe(200);
});

test('an account with an event from the future is named, and all others are served', async () => {
  await writeLog(data.at('future'), 3);
  const store = SqliteEventStore.open(data.at('future'));
  const event = { id: randomUUID(), type: 'UserTeleported', data: '{}', metadata: '{"v":1}' };
  await store.append(accountStream(account), 3, [event]);
  await store.close();
  const { url, started } = await listen(data.at('future'));
  await started;
  const ready = await get(`${url}/health/ready`);
  expect([ready.status, JSON.parse(ready.text)]).toEqual([
    200,
    {
      ...{ status: 'degraded', event_store: 'up', views: 'up' },
      stopped_accounts: [{ account, kind: 'unreadable' }],
    },
  ]);
  expect((await get(`${url}/metrics`)).text).toMatch(/^muster_accounts_stopped 1$/m);
  expect((await get(`${url}/api/v2/groups`, { authorization: `Bearer ${adminKey}` })).status).toBe(200);
});

test('a damaged event below whole views: its account is named once a command meets it, and nobody is to try again', async () => {
  await writeLog(data.at('damaged'), 3);
  const first = await listen(data.at('damaged'));
  await first.started;
  await first.app.close();
  const file = openDatabase(join(data.at('damaged'), 'events.db'));
  file.exec(`UPDATE events SET data = '{"name"' WHERE revision = 1
    AND stream = (SELECT number FROM streams WHERE name = '${accountStream('small')}')`);
  file.close();
  const { url, started } = await listen(data.at('damaged'));
  await started;
  expect(JSON.parse((await get(`${url}/health/ready`)).text)).toMatchObject({ status: 'up' });

  const authorization = `Bearer ${adminKey}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const refused = await fetch(`${url}/api/v2/groups`, {
      ...{ method: 'POST', body: '{"name":"G","permissions":[]}' },
      headers: { authorization, 'content-type': 'application/json' },
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, null]);
    const body = (await refused.json()) as { code: string; detail: string };
    expect(body.code).toBe('account_unreadable');
    expect(JSON.stringify(body)).not.toMatch(/try again/i);
  }
  const ready = await get(`${url}/health/ready`);
  expect([ready.status, JSON.parse(ready.text)]).toEqual([
    200,
    {
      ...{ status: 'degraded', event_store: 'up', views: 'up' },
      stopped_accounts: [{ account: 'small', kind: 'unreadable' }],
    },
  ]);
  expect((await get(`${url}/metrics`)).text).toMatch(/^muster_accounts_stopped 1$/m);
  expect((await get(`${url}/api/v2/groups`, { authorization })).status).toBe(200);
});

test('nobody needs a credential for health and metrics, and neither tells a name', async () => {
  const app = await RunningApp.start({ MUSTER_COMPANY: 'Top Secret Ltd' });
  running.push(app.app);
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    const answer = await app.request('GET', path);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(/Top Secret|admin@example\.com/);
  }
});
