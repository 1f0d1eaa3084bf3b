import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { RunningApp } from '../support/app.js';
import { addGroup, addUser, type Company, openCompany, revision } from '../support/people.js';
import { ServiceProcess } from '../support/process.js';
import { Receiver, type Reply } from '../support/receiver.js';

let app: RunningApp;
let company: Company;
let receiver: Receiver;
let reply: Reply;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await openCompany(app);
  receiver = await Receiver.start(() => reply);
});
afterEach(async () => {
  reply = { status: 204 };
  receiver.requests.length = 0;
  await ServiceProcess.killAll();
});
afterAll(async () => {
  await receiver.stop();
  await app.stop();
});

const listen = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  ServiceProcess.spawn({ MUSTER_URL: app.url, ...env }, args, 'listen.js');
const started = (...args: readonly string[]) =>
  listen(['--forward', receiver.url, ...args], { API_KEY: company.admin.key });
const ids = () => receiver.requests.map(({ headers }) => headers['webhook-id']);

test('what happens from now on is sent to the developer, signed by the secret that is shown, until it is accepted', async () => {
  reply = { status: 500 };
  await addGroup(company.admin.v1);
  const listener = started('--types', 'Group*');
  await listener.says('Public key');
  const group = await addGroup(company.admin.v1);
  await addUser(company.admin.v1);
  await receiver.until(({ requests }) => requests.length === 1);
  reply = { status: 204 };
  await receiver.until(({ requests }) => requests.length === 2);
  const [, secret = ''] = /Secret of the signatures v1: (\S+)/.exec(listener.stdout) ?? [];
  for (const { headers, body } of receiver.requests) {
    const event = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(event).toMatchObject({
      type: 'GroupCreated',
      subject: `groups/${group}`,
      id: headers['webhook-id'],
    });
    expect(headers['muster-revision']).toBe(String(headers['webhook-id']).replace('/', '@'));
  }
  expect(new Set(ids()).size).toBe(1);
  await listener.says('204 in');
  expect(await listener.stop('SIGINT')).toBe(0);
  expect(listener.stdout).toContain(`${String(ids()[0])} GroupCreated: 500 in`);
  expect(listener.stdout).not.toMatch(new RegExp(`${company.admin.key}|@example|"data"|Jane`));
});

test('it goes on after the revision that it has named, by the same secret', async () => {
  const [, start = ''] = (await revision(company.admin.v1)).split('@');
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await addGroup(company.admin.v1);
  const first = started('--after', start, '--secret', secret);
  await receiver.until(({ requests }) => requests.length === 1);
  await first.says('204 in');
  await first.stop('SIGTERM');
  const [, place = ''] = /--after (\d+) goes on there/.exec(first.stdout) ?? [];
  expect(Number(place)).toBe(Number(start) + 1);
  expect(first.stdout).not.toContain(secret);
  await addGroup(company.admin.v1);
  const second = started('--after', place, '--secret', secret);
  await receiver.until(({ requests }) => requests.length === 2);
  expect(ids()).toEqual([1, 2].map((step) => `${company.id}/${Number(start) + step}`));
  for (const { headers, body } of receiver.requests)
    new Webhook(secret).verify(body, headers as Record<string, string>);
  await second.stop();
});

test('a connection that is cut, or a service that is busy, ends nothing', async () => {
  const troubles = ['cut', 'busy'];
  const between = createServer((request, response) => {
    const trouble = request.url?.includes('wait=') ? troubles.shift() : undefined;
    if (trouble === 'cut') request.socket.destroy();
    else if (trouble === 'busy') response.writeHead(503).end();
    else {
      const { authorization = '' } = request.headers;
      void fetch(`${app.url}${request.url ?? ''}`, { headers: { authorization } }).then(async (answer) => {
        response.writeHead(answer.status, { 'muster-revision': answer.headers.get('muster-revision') ?? '' });
        response.end(await answer.text());
      });
    }
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  const { port } = between.address() as AddressInfo;
  const listener = started('--server', `http://127.0.0.1:${port}`);
  await listener.says('is asked again');
  const group = await addGroup(company.admin.v1);
  await receiver.until(({ requests }) => requests.length === 1);
  expect(receiver.events[0]).toMatchObject({ subject: `groups/${group}` });
  expect(listener.stdout).toContain('The service answers again');
  await listener.stop();
  between.closeAllConnections();
  await new Promise((resolve) => between.close(resolve));
});

test('what it cannot do ends it with a sentence', async () => {
  const forward = ['--forward', receiver.url];
  const cases: readonly (readonly [readonly string[], Record<string, string>, number, string])[] = [
    [[], {}, 2, '--forward is missing'],
    [['--forward', 'localhost'], {}, 2, '--forward must be an address'],
    [forward, {}, 2, 'API_KEY is missing'],
    [[...forward, '--after', '-1'], { API_KEY: 'x' }, 2, '--after'],
    [[...forward, '--secret', 'abc'], { API_KEY: 'x' }, 2, '--secret must be whsec_'],
    [[...forward, '--unknown'], {}, 2, '--help shows what can be said'],
    [forward, { API_KEY: 'a-key-that-nobody-has' }, 1, 'The service answers 401'],
    [
      [...forward, '--types', 'None*'],
      { API_KEY: company.admin.key },
      1,
      'GET /api/v2/event-types lists them',
    ],
    [['--help'], {}, 0, ''],
  ];
  const runs = cases.map(([args, env]) => listen(args, env));
  for (const [index, run] of runs.entries()) {
    const [, , code, text] = cases[index] ?? [[], {}, -1, ''];
    expect([await run.ended, run.stderr]).toEqual([code, expect.stringContaining(text)]);
  }
  expect(runs.at(-1)?.stdout).toContain('npm run listen -- --forward');
});

test('a receiver that is gone ends it', async () => {
  reply = { status: 410 };
  const listener = started();
  await listener.says('Public key');
  await addGroup(company.admin.v1);
  expect(await listener.ended).toBe(1);
  expect(listener.stderr).toContain('wants nothing more');
});
