import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { adminRole, Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;
let user: string;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

beforeEach(async () => {
  user = await company.user({ roles: [adminRole] });
});

afterAll(() => app.stop());

const issue = (body: unknown = {}) => company.call('POST', `/users/${user}/keys`, body);
const text = (answer: Answer, name: string) => String(pick(answer, name));

test('X73 a new key is answered once: 201 with id, name, key and created', async () => {
  const answer = await issue({ name: 'Nightly sync' });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    name: 'Nightly sync',
    key: expect.stringMatching(new RegExp(`^mk_${company.id}_[\\w-]{43}$`)),
    created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/),
  });
});

test('the name may be absent or null, and need not be unique', async () => {
  for (const body of [undefined, {}, { name: null }, { name: 'Twin' }, { name: 'Twin' }])
    expect((await issue(body)).status).toBe(201);
  expect((await company.call('GET', `/users/${user}/keys`)).body).toHaveLength(5);
});

test('T008 a key works as kf-api-key on v1 and as Bearer on v2, and acts for its user', async () => {
  const key = text(await issue(), 'key');
  expect(pick(await app.v1(key)('GET', '/profile'), 'data', 'id')).toBe(user);
  expect((await app.v2(key)('GET', '/groups')).status).toBe(200);
});

test('the list shows keys without the keys themselves', async () => {
  const [one, other] = [await issue({ name: 'One' }), await issue({ name: 'Other' })];
  const answer = await company.call('GET', `/users/${user}/keys`);
  expect(answer.body).toEqual(
    [one, other].map((key) => ({
      ...{ id: text(key, 'id'), name: text(key, 'name'), created: text(key, 'created') },
      issued_by: company.admin.id,
    })),
  );
});

test('T020 a key and its hash are in no later answer, a password and its hash in none', async () => {
  const key = text(await issue(), 'key');
  const hash = createHash('sha256').update(key).digest('hex');
  const answers = [
    ...(await Promise.all(
      [
        ...[`/users/${user}/keys`, `/users/${user}/permissions`, `/users/${user}/effective-permissions`],
        ...['/groups', '/account', `/groups/${await company.allUsersGroup()}/users`],
      ].map((path) => company.call('GET', path)),
    )),
    ...(await Promise.all(
      ['/users?include_roles=true&include_groups=true', `/users/${user}?full=true`, '/profile?full=true'].map(
        (path) => app.v1(key)('GET', path),
      ),
    )),
    await app.request('GET', '/metrics'),
    await app.request('GET', '/health/ready'),
  ];
  for (const { status, headers, text } of answers) {
    const refusal = status === 200 ? undefined : { ...Object.fromEntries(headers), text };
    expect({ status, refusal }).toEqual({ status: 200, refusal: undefined });
    for (const secret of [key, hash, 'scrypt', 'admin-password', 'password'])
      expect(text).not.toContain(secret);
  }
});

test('a revoked key ends at once, on both versions, and only that one', async () => {
  const [one, other] = [await issue(), await issue()];
  const revoked = await company.call('DELETE', `/users/${user}/keys/${text(one, 'id')}`);
  expect([revoked.status, revoked.text]).toEqual([204, '']);
  expectProblem(await app.v2(text(one, 'key'))('GET', '/account'), 401, 'auth_fail');
  expect(pick(await app.v1(text(one, 'key'))('GET', '/users'), 'meta', 'error_code')).toBe('auth_fail');
  expect((await app.v2(text(other, 'key'))('GET', '/account')).status).toBe(200);
  expect(pick(await company.call('GET', `/users/${user}/keys`), 0, 'id')).toBe(text(other, 'id'));
});

test('a key revokes itself', async () => {
  const answer = await issue();
  const path = `/users/${user}/keys/${text(answer, 'id')}`;
  expect((await company.call('DELETE', path, undefined, text(answer, 'key'))).status).toBe(204);
  expectProblem(await company.call('DELETE', path, undefined, text(answer, 'key')), 401, 'auth_fail');
});

test('the keys of a user end when the user is deleted', async () => {
  const key = text(await issue(), 'key');
  expect((await app.v1()('DELETE', `/users/${user}`)).status).toBe(200);
  expectProblem(await app.v2(key)('GET', '/account'), 401, 'auth_fail');
  expect((await app.v1(key)('GET', '/users')).status).toBe(401);
  expectProblem(await company.call('GET', `/users/${user}/keys`), 404, 'user_not_found');
});

test('a key that is not the user’s, or revoked already, is 404', async () => {
  const id = text(await issue(), 'id');
  const another = await company.user();
  const revoke = (userId: string, keyId: string) => company.call('DELETE', `/users/${userId}/keys/${keyId}`);
  await expectRefusal(company, () => revoke(another, id), 404, 'key_not_found');
  expect((await revoke(user, id)).status).toBe(204);
  await expectRefusal(company, () => revoke(user, id), 404, 'key_not_found');
});

test('the company’s first key works like any other and can be revoked', async () => {
  const other = await Company.open(app);
  const id = String(pick(await other.call('GET', `/users/${other.admin.id}/keys`), 0, 'id'));
  expect((await other.call('DELETE', `/users/${other.admin.id}/keys/${id}`)).status).toBe(204);
  expectProblem(await other.call('GET', '/account'), 401, 'auth_fail');
});

test('a key differs from every other in each letter that matters', async () => {
  const key = text(await issue(), 'key');
  for (const wrong of [key.slice(0, -1), `${key}A`, key.toUpperCase(), key.slice(3), `${key}\u00a0`])
    expect((await app.v1(wrong)('GET', '/profile')).status).toBe(401);
});
