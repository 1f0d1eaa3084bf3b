import { connect, type Socket } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { Clock } from '../../src/application/clock.js';
import { operatorKey, pick } from '../support/api-client.js';
import { openCompany, startService } from '../support/people.js';
import { until } from '../support/views.js';

const app = await startService({
  ...{ MUSTER_OPEN_RATE_LIMIT: '2', MUSTER_MAX_CONNECTIONS: '100', MUSTER_REQUEST_SECONDS: '2' },
});
const { admin } = await openCompany(app);
const port = Number(new URL(app.url).port);
const time = Date.now();
jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);

/** A connection from an address of this machine, and what comes back by it. */
class Connection {
  answer = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(localAddress = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', localAddress });
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.answer += text));
    this.socket.on('error', () => undefined).on('close', () => (this.isClosed = true));
  }

  /** Sends the head of a request without any of its body. */
  head(method: string, path: string, headers: Record<string, string>): this {
    const lines = Object.entries({ host: 'x', 'content-type': 'application/json', ...headers });
    this.socket.write(
      `${method} ${path} HTTP/1.1\r\n${lines.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`,
    );
    return this;
  }

  /** The status of the answer, once its head has come. */
  async status(): Promise<string | undefined> {
    await until(() => this.isClosed || this.answer.includes('\r\n\r\n'));
    return /^HTTP\/1\.1 (\d{3})/.exec(this.answer)?.[1];
  }
}

const long = { 'content-length': String(512 * 1024) };
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

test('a body of a route that asks for no credential may have 4 KB: its length is judged before any of it comes', async () => {
  const sent = new Connection().head('POST', '/api/v2/password', long);
  expect(await sent.status()).toBe('413');
  expect(sent.answer).toContain('"code":"payload_too_large"');
});

test('where the length is not told, no more than 4 KB are kept', async () => {
  const sent = new Connection('127.0.0.2').head('POST', '/api/v2/password', {
    'transfer-encoding': 'chunked',
  });
  const chunk = `1000\r\n${' '.repeat(0x1000)}\r\n`;
  sent.socket.write(`${chunk}${chunk}0\r\n\r\n`);
  expect(await sent.status()).toBe('413');
  const fitting = new Connection('127.0.0.2').head('POST', '/api/v2/password', { 'content-length': '4096' });
  fitting.socket.write(' '.repeat(4096));
  expect(await fitting.status()).toBe('400');
});

test.each([
  ['no credential', '/api/1.0/groups', {}, 'auth_not_provided'],
  ['an unknown key', '/api/1.0/groups', { 'kf-api-key': 'x' }, 'auth_fail'],
  ['a wrong password', '/api/1.0/groups', basic('nobody@example.com:wrong'), 'auth_fail'],
  ['no token', '/api/v2/groups', {}, 'auth_not_provided'],
  ['an unknown token', '/api/v2/groups', { authorization: 'Bearer x' }, 'auth_fail'],
  ['no operator key', '/api/v2/companies', {}, 'auth_not_provided'],
  ['another operator key', '/api/v2/companies', { authorization: `Bearer ${operatorKey}x` }, 'auth_fail'],
] as const)('%s is 401 at %s before any of the body comes', async (_, path, headers, code) => {
  const sent = new Connection().head('POST', path, { ...long, ...headers });
  expect(await sent.status()).toBe('401');
  expect(sent.answer).toContain(`"${code}"`);
});

test('each route without a credential takes only so much from one source', async () => {
  const paths = pick(await app.request('GET', '/openapi.json'), 'paths') as Record<string, object>;
  const open = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { security?: unknown[] }>)
      .filter(([, { security }]) => security?.length === 0)
      .map(([method]) => [method.toUpperCase(), path] as const),
  );
  expect(open.map(String)).toEqual(expect.arrayContaining(['POST,/api/v2/password', 'GET,/password']));
  const limited = open.filter(([, path]) => !path.startsWith('/health/'));
  for (const [method, path] of [...limited, ['GET', '/docs'], ['GET', '/openapi.yaml']] as const) {
    const answers = [];
    while (answers.length < 6) answers.push(await app.request(method, path));
    const last = answers.at(-1);
    expect([path, last?.status, last?.headers.get('retry-after')]).toEqual([path, 429, '1']);
    const elsewhere = new Connection('127.0.0.3').head(method, path, { 'content-length': '0' });
    expect(await elsewhere.status()).not.toBe('429');
    elsewhere.socket.destroy();
  }
  expect((await admin.v1('GET', '/profile')).status).toBe(200);
});

test('health is told as often as it is asked for', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.request('GET', '/health/ready')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('one company has only so many bytes of bodies in memory, and has room again after them', async () => {
  const part = Buffer.from(' '.repeat(519_000));
  const headers = { 'kf-api-key': admin.key, 'content-length': '520000' };
  const sent = Array.from({ length: 40 }, (_, place) => {
    const one = new Connection(`127.0.0.${10 + (place % 2)}`).head('POST', '/api/1.0/groups', headers);
    one.socket.write(part);
    return one;
  });
  const refused = () => sent.filter(({ answer }) => answer.includes('rate_limited'));
  await until(() => refused().length >= 8);
  expect(refused().every(({ answer }) => answer.startsWith('HTTP/1.1 429 '))).toBe(true);
  for (const { socket } of sent) socket.destroy();
  const create = () => admin.v1('POST', '/groups', { name: 'After' });
  let after = await create();
  // The server may not have noticed yet that they are gone.
  while (after.status === 429) after = await create();
  expect(after.status).toBe(201);
});

test('one source has half of the connections at most', async () => {
  const held = Array.from({ length: 60 }, () => new Connection('127.0.0.4'));
  await until(() => held.filter(({ isClosed }) => isClosed).length === 10);
  expect((await admin.v1('GET', '/profile')).status).toBe(200);
  for (const { socket } of held) socket.destroy();
});

test('a request that does not arrive in time is given up', async () => {
  const sent = new Connection().head('POST', '/api/1.0/groups', {
    ...{ 'kf-api-key': admin.key, 'content-length': '10' },
  });
  expect(await sent.status()).toBe('408');
});
