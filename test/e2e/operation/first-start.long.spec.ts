import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { adminKey } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';

const data = new DataDirectories();
const [firstKey, secondKey] = ['the-key-of-the-first-start', 'the-key-of-a-second-start'];

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

const byKey = (url: string, key: string) => fetch(`${url}/api/1/users`, { headers: { 'kf-api-key': key } });
const byPassword = (url: string, email: string, password: string) =>
  fetch(`${url}/api/1/users`, { headers: { authorization: `Basic ${btoa(`${email}:${password}`)}` } });

test('secrets that are not given are made, shown once on stderr, kept as hashes of full cost, and hold over restarts', async () => {
  const settings = { MUSTER_DATA_DIR: data.at('generated'), MUSTER_ADMIN_EMAIL: 'boss@example.com' };
  const first = await ServiceProcess.start(settings);
  const [, password = ''] = /sign in: +boss@example\.com +(\S+)/.exec(first.service.stderr) ?? [];
  const [, key = ''] = /API key: +(\S+)/.exec(first.service.stderr) ?? [];
  expect(password.length).toBeGreaterThanOrEqual(32);
  expect(key).toMatch(/^mk_[0-9a-f]{32}_[\w-]{43}$/);
  expect(first.service.stderr).toContain(`curl -H 'kf-api-key: ${key}' http://127.0.0.1:`);
  expect(first.service.stderr.split(password)).toHaveLength(2);
  expect((await byKey(first.url, key)).status).toBe(200);
  expect((await byPassword(first.url, 'boss@example.com', password)).status).toBe(200);
  expect(await first.service.stop()).toBe(0);
  for (const secret of [password, key]) expect(first.service.stdout).not.toContain(secret);

  // What the tests save on hashes is not saved by the service.
  expect(readFileSync(join(data.at('generated'), 'events.db')).includes('scrypt$16384$8$5$')).toBe(true);
  for (const file of readdirSync(data.at('generated'))) {
    const bytes = readFileSync(join(data.at('generated'), file));
    for (const secret of [password, key]) expect(bytes.includes(secret)).toBe(false);
  }

  const second = await ServiceProcess.start(settings);
  expect((await byKey(second.url, key)).status).toBe(200);
  expect((await byPassword(second.url, 'boss@example.com', password)).status).toBe(200);
  expect(await second.service.stop()).toBe(0);
  expect(second.service.stderr).toBe('');
});

test('of one secret that is given, only the other is made and shown', async () => {
  const { service, url } = await ServiceProcess.start({
    EVENT_STORE: 'memory',
    MUSTER_ADMIN_API_KEY: adminKey,
  });
  const [, password = ''] = /sign in: +admin@example\.com +(\S+)/.exec(service.stderr) ?? [];
  expect(service.stderr).not.toContain(adminKey);
  expect(service.stderr).not.toContain('API key');
  expect(service.stderr).toContain(`curl -u 'admin@example.com:${password}' http://`);
  expect((await byPassword(url, 'admin@example.com', password)).status).toBe(200);
});

test('settings of the first company count at the first start alone', async () => {
  const settings = { EVENT_STORE: 'sqlite', MUSTER_DATA_DIR: data.at('twice') };
  const first = await RunningApp.start({
    ...settings,
    MUSTER_ADMIN_API_KEY: firstKey,
    MUSTER_COMPANY: 'First',
  });
  const account = await first.v2(firstKey)('GET', '/account');
  await first.stop();
  const second = await RunningApp.start({
    ...settings,
    MUSTER_ADMIN_API_KEY: secondKey,
    MUSTER_COMPANY: 'Second',
  });
  expect((await second.v2(secondKey)('GET', '/account')).status).toBe(401);
  expect((await second.v2(firstKey)('GET', '/account')).body).toEqual(account.body);
  expect((await byPassword(second.url, 'admin@example.com', 'admin-password')).status).toBe(200);
  await second.stop();
});
