import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { adminKey } from '../../support/api-client.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';

const data = new DataDirectories();
const headers = {
  ...{ 'kf-api-key': adminKey, authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
};

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

interface Group {
  readonly id: string;
  readonly name: string;
}

async function groupNames(url: string): Promise<string[]> {
  const names: string[] = [];
  for (let offset = 0; ; offset += 100) {
    const response = await fetch(`${url}/api/v2/groups?limit=100&offset=${offset}`, { headers });
    const page = (await response.json()) as Group[];
    names.push(...page.map(({ name }) => name));
    if (page.length < 100) return names;
  }
}

/** Creates groups one after the other until the service no longer takes one. */
async function createUntilRefused(
  url: string,
  client: number,
  onAcknowledged: (name: string) => void,
): Promise<{ status: number; code: unknown } | undefined> {
  for (let n = 0; ; n += 1) {
    const name = `group ${client}-${n}`;
    const body = JSON.stringify({ name, permissions: [] });
    const response = await fetch(`${url}/api/v2/groups`, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
    if (!response) return undefined;
    const answer = (await response.json()) as { code?: unknown };
    if (response.status !== 201) return { status: response.status, code: answer.code };
    onAcknowledged(name);
  }
}

test('SIGTERM during running commands: what was acknowledged is there after a restart, the exit code is 0', async () => {
  const settings = { MUSTER_DATA_DIR: data.at('busy'), MUSTER_ADMIN_API_KEY: adminKey };
  const first = await ServiceProcess.start(settings);
  const acknowledged: string[] = [];
  let reached: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (reached = resolve));
  const clients = Array.from({ length: 16 }, (_, client) =>
    createUntilRefused(first.url, client, (name) => {
      if (acknowledged.push(name) === 200) reached();
    }),
  );
  await enough;
  const exitCode = await first.service.stop();
  const refusals = await Promise.all(clients);
  expect(exitCode).toBe(0);
  // Who was answered at all was told to try again.
  for (const refusal of refusals.filter((one) => one !== undefined))
    expect(refusal).toEqual({ status: 503, code: 'unavailable' });
  expect(first.service.log.filter(({ level }) => level !== 'info')).toEqual([]);

  const second = await ServiceProcess.start(settings);
  const names = await groupNames(second.url);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(acknowledged));
  expect(await second.service.stop()).toBe(0);
});

test('SIGINT, once or twice: requests under way are answered, and connections that say nothing hold up nobody', async () => {
  const settings = {
    EVENT_STORE: 'memory',
    MUSTER_ADMIN_API_KEY: adminKey,
    MUSTER_ADMIN_PASSWORD: 'admin-password',
  };
  const { service, url } = await ServiceProcess.start(settings);
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  await once(silent, 'connect');
  const authorization = `Basic ${btoa('admin@example.com:wrong')}`;
  // The check of a password takes long enough to stop in its midst.
  const answers = Array.from({ length: 8 }, () =>
    fetch(`${url}/api/1/users`, { headers: { authorization } }).then((answer) => ({
      status: answer.status,
      connection: answer.headers.get('connection'),
    })),
  );
  // The server takes connections in order: when this is answered, the requests before have arrived.
  await fetch(`${url}/health/live`);
  // A Ctrl-C under npm comes twice: from the terminal and from npm.
  service.signal('SIGINT');
  const exitCode = service.stop('SIGINT');
  expect(await Promise.all(answers)).toEqual(answers.map(() => ({ status: 401, connection: 'close' })));
  // A stop that is forced ends with 1.
  expect(await exitCode).toBe(0);
  expect(service.log.at(-1)).toMatchObject({ status: 401 });
});
