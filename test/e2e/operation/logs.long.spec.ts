import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataDirectories, ServiceProcess } from '../../support/process.js';

const data = new DataDirectories();
/** Words that are in requests and answers, and must not get into the log by whatever door. */
const secrets = {
  company: 'Quixotic-Ltd',
  adminEmail: 'dulcinea@example.com',
  adminPassword: 'rocinante-1605',
  adminKey: 'secret-key-of-the-admin',
  operatorKey: 'the-key-of-the-operator',
  firstName: 'Sancho',
  lastName: 'Panza',
  email: 'sancho@example.com',
  password: 'barataria-99',
  groupName: 'Galeotes',
  description: 'Freed prisoners',
  permission: 'windmills.fight',
  query: 'query-is-private',
  wrongKey: 'a-key-that-is-wrong',
  malformed: 'malformed-body',
  passwordToken: `mt_${'0'.repeat(32)}_${'T'.repeat(43)}`,
};
const { adminKey, query } = secrets;

let service: ServiceProcess;
let requests = 0;
/** What the service itself made and told its callers: keys. */
const told: string[] = [];

beforeAll(async () => {
  const started = await ServiceProcess.start({
    ...{ MUSTER_DATA_DIR: data.at('logs'), MUSTER_COMPANY: secrets.company, LOG_LEVEL: 'trace' },
    ...{ MUSTER_ADMIN_EMAIL: secrets.adminEmail, MUSTER_ADMIN_PASSWORD: secrets.adminPassword },
    ...{ MUSTER_ADMIN_API_KEY: adminKey, MUSTER_OPERATOR_KEY: secrets.operatorKey },
  });
  ({ service } = started);
  await makeEveryKindOfRequest(started.url);
  expect(await service.stop()).toBe(0);
});

afterAll(async () => {
  await ServiceProcess.killAll();
  data.remove();
});

async function makeEveryKindOfRequest(url: string): Promise<void> {
  const send = async (method: string, path: string, key: string, body?: unknown, more: object = {}) => {
    requests += 1;
    const credentials = {
      'kf-api-key': key,
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    };
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { ...credentials, 'x-request-id': `request-${requests}`, ...more };
    const response = await fetch(url + path, { method, headers, body: text });
    return { status: response.status, text: await response.text() };
  };
  const { firstName: first_name, lastName: last_name, email, password } = secrets;
  const person = { first_name, last_name, email, password };
  const group = {
    name: secrets.groupName,
    description: secrets.description,
    permissions: [secrets.permission],
  };
  const user = { ...person, roles: ['a0000000000000000000000000000001'] };
  const basic = (word: string) => ({ 'kf-api-key': '', authorization: `Basic ${btoa(`${email}:${word}`)}` });
  const created = await send('POST', '/api/1.0/users', adminKey, user);
  const id = /\/users\/(\w+)/.exec(created.text)?.[1] ?? '';
  const key = await send('POST', `/api/v2/users/${id}/keys`, adminKey, { name: secrets.description });
  const other = await send('POST', '/api/v2/companies', secrets.operatorKey, {
    name: 'Other',
    admin: person,
  });
  told.push(...(`${key.text} ${other.text}`.match(/mk_[\w-]+/g) ?? []));
  expect(told).toHaveLength(2);
  expect((await fetch(`${url}/api/v2/groups/%zz${query}`)).status).toBe(404);
  for (const [method, path, credential, body, more] of [
    ['POST', '/api/v2/groups', adminKey, group],
    ['POST', '/api/v2/groups', adminKey, { ...group, permissions: [secrets.permission, secrets.permission] }],
    ['POST', '/api/v2/groups', adminKey, `{"name": "${secrets.malformed}"`],
    ['POST', '/api/1.0/groups', adminKey, group],
    ['POST', '/api/1.0/users', adminKey, user],
    ['PUT', `/api/1/users/${id}`, adminKey, { email: 'not an address' }],
    ['GET', `/api/1.0/users?email=${email}&external_id=${query}`, adminKey],
    ['GET', `/api/v2/groups?limit=${query}`, adminKey],
    ['GET', `/api/v2/groups?client_id=${query}`, adminKey],
    ['GET', `/api/v2/groups/${query}`, adminKey],
    ['GET', `/${query}?${query}=${query}`, adminKey],
    ['GET', '/api/v2/groups', secrets.wrongKey],
    ['GET', '/api/1.0/users', '', undefined, basic(secrets.password)],
    ['GET', '/api/1.0/users', '', undefined, basic('wrong-password')],
    ['POST', '/api/v2/groups', adminKey, 'x'.repeat(600_000)],
    ['GET', `/api/v2/password?token=${secrets.passwordToken}`, ''],
    ['POST', '/api/v2/password', '', { token: secrets.passwordToken, password: secrets.password }],
    ['POST', '/api/v2/password', '', `{"token": "${secrets.passwordToken}`],
    ['GET', `/password?token=${secrets.passwordToken}`, ''],
    ['POST', `/api/1.0/users/${id}/@/reset-password`, adminKey],
    ['GET', '/docs', adminKey],
    ['GET', '/openapi.json', adminKey],
  ] as const)
    expect((await send(method, path, credential, body, more)).status).toBeLessThan(500);
}

test('every line on stdout is a JSON object with a level and a time', () => {
  expect(service.log.length).toBeGreaterThan(requests);
  for (const line of service.log)
    expect(line).toMatchObject({
      level: expect.stringMatching(/^(trace|debug|info|warn|error|fatal)$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
});

test('every request is a line with its id, route, status and duration, and who called by id', () => {
  const lines = service.log.filter(({ message }) => message === 'request');
  const first = lines.find(({ request_id }) => request_id === 'request-1');
  expect(first).toMatchObject({
    ...{ method: 'POST', route: '/api/1.0/users', status: 201, milliseconds: expect.any(Number) },
    ...{ account: expect.stringMatching(/^[0-9a-f]{32}$/), user: expect.stringMatching(/^[0-9a-f]{32}$/) },
  });
  const logged = new Set(lines.map(({ request_id }) => request_id));
  const all = Array.from({ length: requests }, (_, n) => `request-${n + 1}`);
  expect(all.filter((id) => !logged.has(id))).toEqual([]);
});

test.each(Object.entries(secrets))(
  'no line tells the %s, on stdout or stderr, at the finest level',
  (_, secret) => {
    expect(service.stdout).not.toContain(secret);
    expect(service.stderr).not.toContain(secret);
  },
);

test('no line tells a key, a hash or an e-mail address of any kind', () => {
  for (const key of told) expect(service.stdout + service.stderr).not.toContain(key);
  expect(service.stdout + service.stderr).not.toMatch(/scrypt|mk_|@example|wrong-password|Bearer|Basic/i);
});

test('secrets that are given are not shown, nor is anything else, on stderr', () => {
  expect(service.stderr).toBe('');
});

test('nothing but info came of all this: refusals are no errors of the service', () => {
  expect(service.log.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([]);
});
