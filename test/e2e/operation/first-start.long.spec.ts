import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { createApp, listen } from '../../../src/app.js';
import { FirstCompany } from '../../../src/application/first-company.js';
import { Lifecycle } from '../../../src/application/lifecycle.js';
import { readConfig } from '../../../src/config/config.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { createLog } from '../../../src/json-logger.js';
import { LogOutput } from '../../../src/log-output.js';
import { adminKey } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { executeOn } from '../../support/execute.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';
import { Instance } from '../../support/views.js';

const data = new DataDirectories();
const [firstKey, secondKey] = ['the-key-of-the-first-start', 'the-key-of-a-second-start'];

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

const byKey = (url: string, key: string) => fetch(`${url}/api/1/users`, { headers: { 'kf-api-key': key } });
const byPassword = (url: string, email: string, password: string) =>
  fetch(`${url}/api/1/users`, { headers: { authorization: `Basic ${btoa(`${email}:${password}`)}` } });

test('C4: secrets that are not given are made, shown once on stderr, kept as hashes of full cost, and hold over restarts', async () => {
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

test('C4: a start that cannot listen shows no secret and opens no company; the next one does', async () => {
  const settings = { MUSTER_DATA_DIR: data.at('taken') };
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  for (const [wrong, says] of [
    [{ PORT: String(port) }, `address already in use 127.0.0.1:${port}; HOST, PORT and`],
    [{ HOST: '192.0.2.1' }, 'EADDRNOTAVAIL: address not available 192.0.2.1'],
    [{ MUSTER_OPERATIONS_PORT: String(port) }, `address already in use 127.0.0.1:${port}; HOST, PORT and`],
  ] as const) {
    const refused = ServiceProcess.spawn({ ...settings, ...wrong });
    expect(await refused.ended).toBe(1);
    expect(refused.stderr).toMatch(/^Muster does not start:\n/m);
    expect(refused.stderr).toContain(says);
    expect(refused.stderr).not.toMatch(/\n {4}at /);
    expect(refused.stdout).not.toContain('Listening');
    expect(refused.stderr).not.toMatch(/shown once|API key:|sign in:/);
    expect(readdirSync(settings.MUSTER_DATA_DIR)).not.toContain('first-secrets.json');
  }
  other.close();
  const { service, url } = await ServiceProcess.start(settings);
  const [, key = ''] = /API key: +(\S+)/.exec(service.stderr) ?? [];
  expect((await byKey(url, key)).status).toBe(200);
});

test('C4: the command that is shown names the port that was chosen, and works', async () => {
  const { service, url } = await ServiceProcess.start({ EVENT_STORE: 'memory', HOST: '[::]' });
  const { port } = new URL(url);
  expect(service.stderr).toMatch(
    new RegExp(`try: +curl -H 'kf-api-key: \\S+' http://localhost:${port}/api/1.0/users`),
  );
});

test('C4: secrets that a start had no time to show are shown by the next one, once', async () => {
  const config = readConfig({ MUSTER_DATA_DIR: data.at('interrupted') });
  const store = SqliteEventStore.open(config.dataDirectory);
  const instance = await Instance.start(store);
  const first = new FirstCompany(config, instance.views);
  await executeOn(store).run(await first.command());
  await instance.stop();
  await store.close();
  expect(statSync(data.at('interrupted/first-secrets.json')).mode & 0o777).toBe(0o600);

  const { service, url } = await ServiceProcess.start({ MUSTER_DATA_DIR: data.at('interrupted') });
  const [, password = ''] = /sign in: +admin@example\.com +(\S+)/.exec(service.stderr) ?? [];
  const [, key = ''] = /API key: +(\S+)/.exec(service.stderr) ?? [];
  expect((await byKey(url, key)).status).toBe(200);
  expect((await byPassword(url, 'admin@example.com', password)).status).toBe(200);
  expect(existsSync(data.at('interrupted/first-secrets.json'))).toBe(false);
  await service.stop();
  const again = await ServiceProcess.start({ MUSTER_DATA_DIR: data.at('interrupted') });
  expect(again.service.stderr).toBe('');
});

/** Keeps what is written to it. */
class Lines extends LogOutput {
  readonly written: string[] = [];
  override write(line: string): void {
    this.written.push(line);
  }
}

test('C5: settings of the first company that are not what is recorded are named, and their values are not', async () => {
  const directory = { MUSTER_DATA_DIR: data.at('changed') };
  const given = {
    MUSTER_COMPANY: 'First',
    MUSTER_ADMIN_API_KEY: firstKey,
    MUSTER_ADMIN_PASSWORD: 'first-password',
  };
  const warnings = async (settings: Record<string, string>) => {
    const config = readConfig({ PORT: '0', ...directory, ...settings });
    const output = new Lines();
    const app = await createApp(config, createLog('info', output));
    await listen(app, config);
    await app.get(Lifecycle).started;
    await app.close();
    expect(output.written.join('')).not.toMatch(/hush/);
    const log = output.written.map((line) => JSON.parse(line) as { level: string; message: string });
    return log.filter(({ level }) => level === 'warn').map(({ message }) => message);
  };
  expect(await warnings(given)).toEqual([]);
  expect(await warnings({ ...given, MUSTER_ADMIN_EMAIL: 'admin@example.com' })).toEqual([]);
  const changed = {
    ...{ MUSTER_COMPANY: 'Second hush', MUSTER_ADMIN_API_KEY: 'hush-hush-hush-hush-hush' },
    ...{ MUSTER_ADMIN_PASSWORD: 'hush-hush' },
  };
  expect(await warnings(changed)).toEqual([
    expect.stringMatching(/^MUSTER_COMPANY, MUSTER_ADMIN_PASSWORD, MUSTER_ADMIN_API_KEY: .* without effect/),
  ]);
  expect(await warnings({ ...given, MUSTER_ADMIN_EMAIL: 'hush@example.com' })).toEqual([
    expect.stringMatching(/^MUSTER_ADMIN_EMAIL, MUSTER_ADMIN_PASSWORD: /),
  ]);
});
