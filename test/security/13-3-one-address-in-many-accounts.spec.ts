import { beforeEach, expect, jest, test } from '@jest/globals';
import { PasswordGate } from '../../src/application/password-gate.js';
import { Views } from '../../src/read/views.js';
import { type Answer, pick } from '../support/api-client.js';
import { addClient, addUser, openCompany, startService, unique } from '../support/people.js';
import { until } from '../support/views.js';
import { expectRefusal } from '../e2e/v1/expectations.js';

const app = await startService({ MUSTER_LOCK_OUT_AFTER: '2' });
const { id: company, admin } = await openCompany(app);
const other = await openCompany(app);
const verify = jest.spyOn(app.app.get(PasswordGate), 'verify');
const { credentials } = app.app.get(Views);

let email: string;
beforeEach(() => {
  email = `${unique('jane')}@example.com`;
  verify.mockClear();
});

const signIn = (name: string, password: string): Promise<Answer> => {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return app.request('GET', '/api/1.0/profile', { headers: { authorization } });
};

/** Has users of as many client accounts have the address, each with a password of its own. @returns their accounts */
async function plant(count: number): Promise<string[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => addClient(other.admin.v1)));
  for (const client of clients) await addUser(other.admin.v1, { email, password: `of ${client}` }, client);
  return clients;
}

/** How many hashes were computed for each sign-in since the last call. */
const hashes = () => verify.mock.calls.splice(0).map(([, , compared]) => compared.length);

test('X88 a sign-in costs the same number of hashes, whoever has the address and however many', async () => {
  await signIn(email, 'wrong-word');
  await addUser(admin.v1, { email, password: 'pass-word' });
  await signIn(email, 'wrong-word');
  await signIn(email, 'pass-word');
  await signIn(`${company}/${email}`, 'wrong-word');
  await signIn(`${other.id}/${email}`, 'wrong-word');
  await signIn(`nothing/${email}`, 'wrong-word');
  await plant(2);
  await signIn(email, 'another-word');
  await plant(4);
  await signIn(email, 'another-word');
  const counts = hashes();
  expect(counts).toHaveLength(8);
  expect(new Set(counts)).toEqual(new Set([4]));
});

test('X88 more users than are tried: 401 auth_ambiguous, for the right password as well', async () => {
  const user = await addUser(admin.v1, { email, password: 'pass-word' });
  await plant(3);
  expect(pick(await signIn(email, 'pass-word'), 'data', 'id')).toBe(user);
  email = `${unique('joe')}@example.com`;
  await addUser(admin.v1, { email, password: 'pass-word' });
  await plant(4);
  for (const password of ['pass-word', 'wrong-word'])
    expectRefusal(await signIn(email, password), 401, 'auth_ambiguous');
});

test('X88 <account id>/<address> as the user name chooses the account', async () => {
  const user = await addUser(admin.v1, { email, password: 'pass-word' });
  const [client] = await plant(5);
  expect(pick(await signIn(`${company}/${email}`, 'pass-word'), 'data', 'id')).toBe(user);
  expect((await signIn(`${client}/${email.toUpperCase()}`, `of ${client}`)).status).toBe(200);
  expectRefusal(await signIn(`${client}/${email}`, 'pass-word'), 401, 'auth_fail');
  expectRefusal(await signIn(`${other.id}/${email}`, 'pass-word'), 401, 'auth_fail');
  expectRefusal(await signIn(`nothing/${email}`, 'pass-word'), 401, 'auth_fail');
});

test('X88 an address with a slash is an address', async () => {
  email = `${company}/${unique('jane')}@example.com`.slice(30);
  const user = await addUser(admin.v1, { email, password: 'pass-word' });
  expect(pick(await signIn(email, 'pass-word'), 'data', 'id')).toBe(user);
});

test('ADR 8 a failure in a chosen account counts there alone', async () => {
  await addUser(admin.v1, { email, password: 'pass-word' });
  const [client = ''] = await plant(1);
  for (const password of ['wrong-1', 'wrong-2']) await signIn(`${client}/${email}`, password);
  await until(() => typeof credentials.byEmailIn(client, email)?.locked_until === 'string');
  expect((await signIn(email, 'pass-word')).status).toBe(200);
  expect(credentials.byEmailIn(company, email)?.locked_until).toBeNull();
});

test('a check that is remembered tells nothing of what becomes of others with the address', async () => {
  const user = await addUser(admin.v1, { email, password: 'pass-word' });
  const isRemembered = async () => {
    verify.mockClear();
    expect(pick(await signIn(email, 'pass-word'), 'data', 'id')).toBe(user);
    return verify.mock.calls.length === 0;
  };
  expect([await isRemembered(), await isRemembered()]).toEqual([false, true]);
  const [client = '', ...more] = await plant(6);
  expect(await isRemembered()).toBe(true);
  await other.admin.v1('DELETE', `/clients/${more[0]}`);
  await other.admin.v1('PUT', `/clients/${more[1]}`, { status: 'disabled' });
  const password = `of ${client}`;
  for (const wrong of ['wrong-1', 'wrong-2']) await signIn(`${client}/${email}`, wrong);
  await until(() => typeof credentials.byEmailIn(client, email)?.locked_until === 'string');
  expectRefusal(await signIn(`${client}/${email}`, password), 401, 'auth_fail');
  expect(await isRemembered()).toBe(true);
});
