import { request as send } from 'node:http';
import { expect, jest, test } from '@jest/globals';
import { PasswordGate } from '../../src/application/password-gate.js';
import { type Answer, operatorKey } from '../support/api-client.js';
import { gate as latch } from '../support/execute.js';
import { mailedToken } from '../support/password-tokens.js';
import {
  ADMIN,
  addClient,
  addPerson,
  addUser,
  openCompany,
  startService,
  unique,
  userFacts,
} from '../support/people.js';
import { until } from '../support/views.js';

const app = await startService();
const [flooding, calm] = [await openCompany(app), await openCompany(app)];
const gate = app.app.get(PasswordGate);
const password = 'pass-word';

/** Keeps every place of the gate taken until the function returned is called. */
async function hold(): Promise<() => void> {
  const { opened, open } = latch();
  while (gate.waiting === 0) void gate.pass({ caller: 'held', subject: '' }, () => opened);
  await until(() => gate.waiting === 1);
  return open;
}

const basic = (email: string, word = password) => ({
  authorization: `Basic ${Buffer.from(`${email}:${word}`).toString('base64')}`,
});

/** Signs in from an address of this machine. @returns the status and the header Retry-After */
function signInFrom(localAddress: string, email: string): Promise<readonly [number, string | undefined]> {
  return new Promise((resolve, reject) => {
    const options = { localAddress, headers: basic(email), agent: false };
    send(`${app.url}/api/1.0/profile`, options, (response) => {
      response.resume();
      resolve([response.statusCode ?? 0, response.headers['retry-after']]);
    })
      .on('error', reject)
      .end();
  });
}

test('200 new users with a password of one company do not hold up a sign-in or a new user of another', async () => {
  const email = `${unique('jane')}@example.com`;
  await addUser(calm.admin.v1, { email, password });
  const open = await hold();
  const done: string[] = [];
  const noted = async (who: string, asked: Promise<Answer>) => {
    const answer = await asked;
    if (answer.status !== 429) done.push(`${who} ${answer.status}`);
    return answer;
  };
  const create = () => flooding.admin.v1('POST', '/users', userFacts({ password }));
  const flood = Array.from({ length: 200 }, () => noted('flood', create()));
  const refused: Answer[] = [];
  for (const one of flood) void one.then((answer) => answer.status === 429 && refused.push(answer));
  await until(() => refused.length === 192);
  const others = [
    noted('sign-in', app.request('GET', '/api/1.0/profile', { headers: basic(email) })),
    noted('creation', calm.admin.v1('POST', '/users', userFacts({ password }))),
  ];
  await until(() => gate.waiting === 11);
  open();
  await Promise.all([...flood, ...others]);
  for (const { headers, body } of refused) {
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ meta: { status: 429, error_code: 'rate_limited' } });
  }
  expect(done.filter((one) => one === 'flood 201')).toHaveLength(8);
  // One of the flood may be before each, and one beside each on a machine with more processors.
  const places = ['sign-in 200', 'creation 201'].map((one) => done.indexOf(one));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  const last = done.lastIndexOf('flood 201');
  expect(Math.max(...places)).toBeLessThan(last);
});

test('70 anonymous sign-ins of one source do not hold up those of another', async () => {
  const email = `${unique('jane')}@example.com`;
  await addUser(calm.admin.v1, { email, password });
  const open = await hold();
  const statuses: (readonly [number, string | undefined])[] = [];
  const flood = Array.from({ length: 70 }, async (_, number) => {
    statuses.push(await signInFrom('127.0.0.2', `nobody-${number}@example.com`));
  });
  await until(() => statuses.length === 54);
  expect(new Set(statuses.map(String))).toEqual(new Set(['429,1']));
  const signedIn = signInFrom('127.0.0.1', email).then(([status]) => [status, statuses.length]);
  await until(() => gate.waiting === 18);
  open();
  const [status, answered = 0] = await signedIn;
  await Promise.all(flood);
  expect(status).toBe(200);
  expect(answered).toBeLessThan(70);
  expect(statuses.slice(54).map(([one]) => one)).toEqual(Array.from({ length: 16 }, () => 401));
});

test('one name of a source has no more than its part of the places', async () => {
  const open = await hold();
  const answers = Array.from({ length: 12 }, (_, guess) =>
    app.request('GET', '/api/1.0/profile', { headers: basic('nobody@example.com', `guess-${guess}`) }),
  );
  await until(() => gate.waiting === 9);
  const first = await Promise.race(answers);
  open();
  expect(first.status).toBe(429);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(8);
});

test('a password set by a token waits in the same gate, and hears of a flood in the form of v2', async () => {
  const user = await addUser(calm.admin.v1);
  const open = await hold();
  const token = await mailedToken(app, calm.id, user);
  const set = () => app.request('POST', '/api/v2/password', { body: { token, password: 'new-pass-word' } });
  const answers = Array.from({ length: 9 }, set);
  const refused = await Promise.race(answers);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
  open();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 204)).toHaveLength(1);
});

test('what is refused anyway is not hashed', async () => {
  const hash = jest.spyOn(gate, 'hash');
  const { v1 } = calm.admin;
  const taken = `${unique('jane')}@example.com`;
  await addUser(v1, { email: taken });
  const full = await addClient(v1, { seats: 1 });
  await addUser(v1, {}, full);
  const clerk = await addPerson(app, calm.admin, ['user.manage']);
  const nobody = await addPerson(app, calm.admin, []);
  const attempts: readonly (readonly [number, () => Promise<Answer>])[] = [
    [400, () => v1('POST', '/users', userFacts({ password: 'short' }))],
    [400, () => v1('POST', '/users', userFacts({ password, roles: ['nothing'] }))],
    [409, () => v1('POST', '/users', userFacts({ password, email: taken }))],
    [403, () => v1('POST', `/users?client_id=${full}`, userFacts({ password }))],
    [403, () => clerk.v1('POST', '/users', userFacts({ password, roles: [ADMIN] }))],
    [401, () => nobody.v1('POST', '/users', userFacts({ password }))],
    [404, () => v1('POST', '/users?client_id=nothing', userFacts({ password }))],
    [400, () => v1('POST', '/users', userFacts({ password }), { headers: { 'muster-reason': '' } })],
    [400, () => app.request('POST', '/api/v2/password', { body: { token: 'mt_x', password } })],
    [400, () => openWith({ email: 'none', password })],
  ];
  for (const [status, attempt] of attempts) expect((await attempt()).status).toBe(status);
  expect(hash).not.toHaveBeenCalled();
  await addUser(v1, { password });
  expect(hash).toHaveBeenCalledTimes(1);
  hash.mockRestore();
});

function openWith(facts: object): Promise<Answer> {
  const body = { name: 'Refused', admin: { first_name: 'Ann', last_name: 'Archer', ...facts } };
  const headers = { authorization: `Bearer ${operatorKey}` };
  return app.request('POST', '/api/v2/companies', { body, headers });
}
