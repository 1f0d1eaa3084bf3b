import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminKey, type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { address, adminRole, Company, viewOnlyRole } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

const encode = (email: string, password: string) => Buffer.from(`${email}:${password}`).toString('base64');
const call = (authorization: string, method = 'GET', path = '/profile') =>
  app.request(method, `/api/1.0${path}`, { headers: { authorization } });
const signIn = (email: string, password: string) => call(`Basic ${encode(email, password)}`);
const codeOf = (answer: Answer) => pick(answer, 'meta', 'error_code');
const idOf = (answer: Answer) => pick(answer, 'data', 'id');

/** A user who signs in, and has done so: the check of the password is remembered. */
async function signedIn(facts: object = {}): Promise<{ id: string; email: string }> {
  const email = address();
  const id = await company.user({ email, password: 'pass-word', ...facts });
  for (let time = 0; time < 2; time += 1) expect(idOf(await signIn(email, 'pass-word'))).toBe(id);
  return { id, email };
}

describe('T009 a check of a password that is remembered', () => {
  test('does not open the door to another password, nor to another address', async () => {
    const { email } = await signedIn();
    for (const [user, password] of [
      [email, 'pass-word '],
      [email, 'Pass-word'],
      [`x${email}`, 'pass-word'],
    ] as const)
      expect(codeOf(await signIn(user, password))).toBe('auth_fail');
  });

  test('ends when the user is deleted, and does not come back with a new user of that address', async () => {
    const { id, email } = await signedIn();
    await app.v1()('DELETE', `/users/${id}`);
    expect(codeOf(await signIn(email, 'pass-word'))).toBe('auth_fail');
    await company.user({ email });
    expect(codeOf(await signIn(email, 'pass-word'))).toBe('auth_fail');
  });

  test('ends when the address changes, and the password goes on at the new one', async () => {
    const { id, email } = await signedIn();
    const changed = address();
    await app.v1()('PUT', `/users/${id}`, { email: changed });
    expect(codeOf(await signIn(email, 'pass-word'))).toBe('auth_fail');
    expect(idOf(await signIn(changed, 'pass-word'))).toBe(id);
  });

  test('ends when somebody else comes to fit as well', async () => {
    const { email } = await signedIn();
    const other = await Company.open(app, { email, password: 'pass-word' });
    expect(codeOf(await signIn(email, 'pass-word'))).toBe('auth_ambiguous');
    await app.v1(other.admin.key)('PUT', `/users/${other.admin.id}`, { email: address() });
    expect((await signIn(email, 'pass-word')).status).toBe(200);
  });

  test('remembers no rights: a role that is taken away counts no longer', async () => {
    const { id, email } = await signedIn({ roles: [adminRole, viewOnlyRole] });
    const list = () => call(`Basic ${encode(email, 'pass-word')}`, 'GET', `/users/${id}`);
    expect((await list()).status).toBe(200);
    await app.v1()('DELETE', `/roles/${adminRole}/users/${id}`);
    expect(codeOf(await list())).toBe('access_denied');
  });
});

describe('X58 one address and password in two companies', () => {
  test('is ambiguous, unless one of the passwords differs', async () => {
    const email = address();
    const [one, other] = [
      await Company.open(app, { email, password: 'one-password' }),
      await Company.open(app, { email, password: 'other-password' }),
    ];
    expect(idOf(await signIn(email, 'one-password'))).toBe(one.admin.id);
    expect(idOf(await signIn(email, 'other-password'))).toBe(other.admin.id);
    expect(codeOf(await signIn(email, 'third'))).toBe('auth_fail');
    const third = await Company.open(app, { email: email.toUpperCase(), password: 'one-password' });
    expect(codeOf(await signIn(email, 'one-password'))).toBe('auth_ambiguous');
    expect(idOf(await signIn(email, 'other-password'))).toBe(other.admin.id);
    expect(idOf(await app.v1(third.admin.key)('GET', '/profile'))).toBe(third.admin.id);
  });
});

test('T009 a user without a password does not sign in, not even with an empty one', async () => {
  const email = address();
  await company.user({ email });
  for (const password of ['', 'null']) expect(codeOf(await signIn(email, password))).toBe('auth_fail');
});

test('T009 a password is the same in either spelling of Unicode', async () => {
  const email = address();
  await company.user({ email, password: 'Z\u00fcrich-8000' });
  expect((await signIn(email, 'Zu\u0308rich-8000')).status).toBe(200);
});

test.each([
  ['no credential', 'Basic'],
  ['no base64', 'Basic !!!!'],
  ['no colon', `Basic ${Buffer.from('admin@example.com').toString('base64')}`],
  ['nothing in it', `Basic ${Buffer.from(':').toString('base64')}`],
  ['two credentials', `Basic ${encode('admin@example.com', 'admin-password')} x`],
  ['a NUL in the address', `Basic ${encode('admin@example.com\0x', 'admin-password')}`],
  ['a NUL after the password', `Basic ${encode('admin@example.com', 'admin-password\0')}`],
  ['not UTF-8', `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xff]).toString('base64')}`],
  ['a password as long as a header may be', `Basic ${encode('admin@example.com', 'x'.repeat(11_000))}`],
  ['another scheme', 'Digest username="admin"'],
  ['Bearer, as on v2', `Bearer ${adminKey}`],
])('T007 an Authorization with %s is 401 auth_fail', async (_, authorization) => {
  const answer = await call(authorization);
  expect([answer.status, codeOf(answer)]).toEqual([401, 'auth_fail']);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
});

test.each(['basic', 'BASIC', 'Basic  '])('T009 the scheme may be written "%s"', async (scheme) => {
  expect((await call(`${scheme} ${encode('admin@example.com', 'admin-password')}`)).status).toBe(200);
});
