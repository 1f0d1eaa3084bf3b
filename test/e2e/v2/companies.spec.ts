import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminKey, operatorKey, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import {
  address,
  adminRole,
  Company,
  editorRole,
  expectProblem,
  expectRefusal,
  viewOnlyRole,
} from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

const admin = () => ({ first_name: 'Ann', last_name: 'Archer', email: address() });
const open = (body: unknown, key = operatorKey) => app.v2(key)('POST', '/companies', body);

test('the operator opens a company: 201 with its id, its admin and a key that acts for the admin', async () => {
  const answer = await open({ name: 'New Ltd', admin: admin() });
  expect(answer.status).toBe(201);
  const id = String(pick(answer, 'id'));
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    admin_user_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    api_key: expect.stringMatching(new RegExp(`^mk_${id}_[\\w-]{43}$`)),
  });
  expect(answer.headers.get('muster-revision')).toMatch(new RegExp(`^${id}@\\d+$`));
  const key = String(pick(answer, 'api_key'));
  expect(pick(await app.v2(key)('GET', '/account'), 'name')).toBe('New Ltd');
});

test('X81 its admin has every built-in role and is all three contacts', async () => {
  const other = await Company.open(app);
  const { id } = other.admin;
  expect((await other.call('GET', '/account')).body).toEqual({
    ...{ id: other.id, name: 'Other Ltd' },
    contacts: { super_admin: id, technical_contact: id, business_contact: id },
  });
  const user = await app.v1(other.admin.key)('GET', `/users/${id}?full=true`);
  expect(pick(user, 'data', 'roles')).toEqual([adminRole, editorRole, viewOnlyRole]);
});

test('the company begins with its admin and the group of all users, and nothing of others', async () => {
  const other = await Company.open(app);
  expect((await app.v1(other.admin.key)('GET', '/users')).body).toMatchObject({ meta: { total: 1 } });
  const groups = await other.call('GET', '/groups');
  expect(groups.body).toMatchObject([{ name: 'All Users', num_members: 1 }]);
});

test('its admin signs in with the password, if one was given', async () => {
  const facts = { ...admin(), password: 'grün:2345' };
  await open({ name: 'With', admin: facts });
  const authorization = `Basic ${Buffer.from(`${facts.email}:grün:2345`).toString('base64')}`;
  const answer = await app.request('GET', '/api/1.0/profile', { headers: { authorization } });
  expect(answer.status).toBe(200);
  expect((await open({ name: 'Without', admin: { ...admin(), password: null } })).status).toBe(201);
});

test('neither the password nor any hash is in the answer', async () => {
  const answer = await open({ name: 'Secret', admin: { ...admin(), password: 'hush-hush' } });
  expect(answer.text).not.toMatch(/hush-hush|scrypt|hash/);
});

test('two companies may have admins with the same address, and the same name', async () => {
  const body = { name: 'Twin', admin: admin() };
  const [one, other] = [await open(body), await open(body)];
  expect([one.status, other.status]).toEqual([201, 201]);
  expect(pick(one, 'id')).not.toBe(pick(other, 'id'));
});

test('without the operator key it is 401, with the key of an admin, too', async () => {
  const body = { name: 'Mine', admin: admin() };
  expectProblem(await app.request('POST', '/api/v2/companies', { body }), 401, 'auth_not_provided');
  for (const key of [adminKey, 'operator', `${operatorKey}x`, operatorKey.toUpperCase()])
    await expectRefusal(company, () => open(body, key), 401, 'auth_fail');
});

test('the operator key is no key of any other route', async () => {
  expectProblem(await app.v2(operatorKey)('GET', '/groups'), 401, 'auth_fail');
  expect((await app.v1(operatorKey)('GET', '/users')).status).toBe(401);
});

test('the body is judged after the key', async () => {
  expectProblem(await open({ name: 1 }, 'wrong'), 401, 'auth_fail');
});

describe('without MUSTER_OPERATOR_KEY', () => {
  let other: RunningApp;
  beforeAll(async () => {
    other = await RunningApp.start({ MUSTER_OPERATOR_KEY: '' });
  });
  afterAll(() => other.stop());

  test.each(['', 'undefined', operatorKey, adminKey])('the route is 404 for the key "%s"', async (key) => {
    const answer = await other.v2(key)('POST', '/companies', { name: 'New', admin: admin() });
    expectProblem(answer, 404, 'not_found');
    const without = await other.request('POST', '/api/v2/companies', { body: {} });
    expect(without.body).toEqual(answer.body);
  });
});
