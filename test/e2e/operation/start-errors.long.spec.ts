import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { adminKey } from '../../support/api-client.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';

const data = new DataDirectories();

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

/** Starts the service, which must not start, and gives what it says. */
async function refusal(settings: Record<string, string>): Promise<string> {
  const service = ServiceProcess.spawn({ MUSTER_DATA_DIR: data.at('unused'), ...settings });
  expect(await service.ended).toBe(1);
  expect(service.stderr).toMatch(/^Muster does not start:\n/m);
  expect(service.stderr).not.toMatch(/\n {4}at /);
  expect(service.stdout).not.toContain('Listening');
  return service.stderr;
}

test('wrong settings: every one is named with what it may be, no secret is repeated, nothing is written', async () => {
  const settings = { PORT: 'http', EVENT_STORE: 'postgres', LOG_LEVEL: 'loud', MUSTER_ADMIN_EMAIL: 'nobody' };
  const secret = { MUSTER_ADMIN_API_KEY: 'hush hush' };
  const message = await refusal({ ...settings, ...secret, MUSTER_DATA_DIR: data.at('never') });
  expect(message).toMatch(/MUSTER_ADMIN_API_KEY must/);
  expect(message).not.toContain('hush');
  expect(message).toContain('PORT is "http", but must be a number from 0 to 65535');
  expect(message).toContain(
    'EVENT_STORE is "postgres", but must be sqlite, memory, or esdb://… for EventStoreDB',
  );
  expect(message).toMatch(/LOG_LEVEL is "loud", but must be one of .*debug/);
  expect(message).toContain('MUSTER_ADMIN_EMAIL');
  expect(readdirSync(join(data.at('never'), '..'))).not.toContain('never');
});

test('a host that nobody knows, by the settings that name it', async () => {
  const message = await refusal({ HOST: '*', EVENT_STORE: 'memory' });
  expect(message).toContain('getaddrinfo ENOTFOUND *; HOST, PORT and MUSTER_OPERATIONS_PORT say where');
});

test('a data directory that is a file', async () => {
  writeFileSync(data.at('file'), '');
  const message = await refusal({ MUSTER_DATA_DIR: data.at('file') });
  expect(message).toContain(`The data directory ${data.at('file')} cannot be used`);
});

test('a data directory that may not be written', async () => {
  mkdirSync(data.at('read-only'), { mode: 0o555 });
  // Hardly anything is forbidden to root.
  const path = process.getuid?.() === 0 ? '/sys/muster' : data.at('read-only');
  const message = await refusal({ MUSTER_DATA_DIR: path });
  expect(message).toContain(`The data directory ${path} cannot be used`);
});

test('a data directory in use by another process, which goes on undisturbed; then a log without an account beside views that know one', async () => {
  const settings = { MUSTER_DATA_DIR: data.at('shared'), MUSTER_ADMIN_API_KEY: adminKey };
  const { service, url } = await ServiceProcess.start(settings);
  const message = await refusal(settings);
  expect(message).toContain(`The data directory ${data.at('shared')} is in use by another process`);
  expect((await fetch(`${url}/api/1/users`, { headers: { 'kf-api-key': adminKey } })).status).toBe(200);
  expect(await service.stop()).toBe(0);
  const other = ServiceProcess.spawn({ ...settings, MUSTER_STREAM_PREFIX: 'p-' });
  expect(await other.ended).toBe(1);
  expect(other.stderr).toMatch(/^Muster does not start:\nThe event log is gone: it holds no account, /m);
  expect(other.stderr).not.toMatch(/\n {4}at /);
});

test('a damaged log, which is left as it is', async () => {
  const path = data.at('damaged');
  mkdirSync(path);
  writeFileSync(join(path, 'events.db'), 'not a log at all, '.repeat(100));
  const message = await refusal({ MUSTER_DATA_DIR: path });
  expect(message).toContain(`The event log ${join(path, 'events.db')} is damaged`);
  expect(message).toContain('restore it from a backup');
});

test('--help lists every setting, starts nothing and exits with 0', async () => {
  const service = ServiceProcess.spawn({ PORT: 'wrong', MUSTER_DATA_DIR: data.at('help') }, ['--help']);
  expect([await service.ended, service.stderr]).toEqual([0, '']);
  for (const name of ['PORT', 'HOST', 'MUSTER_DATA_DIR', 'EVENT_STORE', 'LOG_LEVEL', 'MUSTER_OPERATOR_KEY'])
    expect(service.stdout).toMatch(new RegExp(`^ +${name} +\\w`, 'm'));
  expect(service.stdout).not.toMatch(/does not start/);
});

test.each(['main.js', 'copy-log.js'])(
  'C5: %s --version tells the version, starts nothing and exits with 0',
  async (script) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const service = ServiceProcess.spawn({ MUSTER_DATA_DIR: data.at('help') }, ['--version'], script);
    expect([await service.ended, service.stdout, service.stderr]).toEqual([0, `${version}\n`, '']);
  },
);

test('C5: an argument that nobody knows stops the start, by name', async () => {
  const service = ServiceProcess.spawn({ MUSTER_DATA_DIR: data.at('never') }, [
    '--port=80',
    'now',
    '--version',
  ]);
  expect(await service.ended).toBe(1);
  expect(service.stderr).toMatch(/^Muster does not start:\n.*--port=80 now /);
  expect(readdirSync(join(data.at('never'), '..'))).not.toContain('never');
});

test('C5: a misspelt setting is told of, with the one that was meant, and the service starts', async () => {
  const settings = { EVENT_STORE: 'memory', MUSTER_ADMIN_PASWORD: 'hush-hush' };
  const { service } = await ServiceProcess.start(settings);
  await service.stop();
  const message =
    'MUSTER_ADMIN_PASWORD is no setting and has no effect; the nearest one is MUSTER_ADMIN_PASSWORD';
  expect(service.log).toContainEqual(expect.objectContaining({ level: 'warn', message }));
  expect(service.stdout).not.toContain('hush');
});
