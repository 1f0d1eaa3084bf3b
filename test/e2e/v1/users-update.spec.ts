import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  openCompany,
  startService,
  unique,
  VIEW_ONLY,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal, ids } from './expectations.js';

const app = await startService();
const { admin } = await openCompany(app);
const { v1 } = admin;

const address = () => `${unique('jane')}@example.com`;
const put = (user: string, body: object) => v1('PUT', `/users/${user}`, body);
const detail = async (user: string) => pick(await v1('GET', `/users/${user}?full=true`), 'data') as object;

describe('PUT /users/{id}', () => {
  it.each([
    { first_name: 'Janet' },
    { last_name: 'Dow' },
    { email: 'T230@example.com' },
    { external_id: 'T230' },
    { first_name: 'Joan', last_name: 'Arc', email: 'T231@example.com', external_id: 'T231' },
  ])('T230 T231 X7 X24: %j changes only what it says', async (body) => {
    const user = await addUser(v1);
    const before = await detail(user);
    const answer = await put(user, body);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: doneWithData });
    expect(await detail(user)).toEqual({ ...before, ...body });
  });

  it.each([
    {},
    { roles: ['x'], password: 5, groups: [], company: 'Mine', id: 'mine', properties: { a: 'b' } },
    { date_last_login: '2001-01-01T00:00:00Z', is_locked_out: true, date_created: 'long ago' },
    { first_name: 'Jane', last_name: 'Doe' },
  ])('T232 T238 X37 X38: %j changes nothing and records nothing', async (body) => {
    const user = await addUser(v1);
    const before = await detail(user);
    const answer = await expectNothingRecorded(v1, () => put(user, body));
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: doneWithData });
    expect(await detail(user)).toEqual(before);
    expect(before).toMatchObject({ roles: [VIEW_ONLY], date_last_login: null, is_locked_out: false });
  });

  it('T232: unlisted fields beside listed ones change nothing', async () => {
    const user = await addUser(v1);
    const before = await detail(user);
    await put(user, { first_name: 'Janet', is_locked_out: true, roles: [] });
    expect(await detail(user)).toEqual({ ...before, first_name: 'Janet' });
  });

  it('T232: a password in the body is not set', async () => {
    const email = address();
    await put(await addUser(v1, { email }), { password: 'tempPassword' });
    const authorization = `Basic ${Buffer.from(`${email}:tempPassword`).toString('base64')}`;
    const answer = await app.request('GET', '/api/1.0/profile', { headers: { authorization } });
    expectRefusal(answer, 401, 'auth_fail');
  });

  it('X60 X37: client_id in the body is the scope, never a move', async () => {
    const client = await addClient(v1);
    const [ours, theirs] = [await addUser(v1), await addUser(v1, {}, client)];
    expectRefusal(await put(ours, { first_name: 'Janet', client_id: client }), 404, 'user_not_found');
    expect((await put(theirs, { first_name: 'Janet', client_id: client })).status).toBe(200);
    expect(ids(await v1('GET', `/users?client_id=${client}`), 'users')).toEqual([theirs]);
    expect(await detail(ours)).toHaveProperty('first_name', 'Jane');
  });

  it('T233: needs user.manage, also for oneself', async () => {
    const viewer = await addPerson(app, admin, ['user.view', 'account.profile']);
    const self = () => viewer.v1('PUT', `/users/${viewer.id}`, { first_name: 'Janet' });
    expectRefusal(await expectNothingRecorded(v1, self), 401, 'access_denied');
  });

  it('T234: an unknown id is 404', async () => {
    expectRefusal(await put('0123456789abcdef', { first_name: 'Janet' }), 404, 'user_not_found');
  });

  it('T235: the address of another user is 409, letter case aside, and nothing else changes', async () => {
    const [user, taken] = [await addUser(v1), address()];
    await addUser(v1, { email: taken });
    for (const email of [taken, taken.toUpperCase()]) {
      const answer = await expectNothingRecorded(v1, () => put(user, { first_name: 'Janet', email }));
      expectRefusal(answer, 409, 'email_in_use');
    }
  });

  it('T235: the own address again is 200, in another letter case it is changed', async () => {
    const email = address();
    const user = await addUser(v1, { email });
    expect((await expectNothingRecorded(v1, () => put(user, { email }))).status).toBe(200);
    expect((await put(user, { email: email.toUpperCase() })).status).toBe(200);
    expect(await detail(user)).toHaveProperty('email', email.toUpperCase());
  });

  it('T235: an address that was given up is free', async () => {
    const email = address();
    const user = await addUser(v1, { email });
    await put(user, { email: address() });
    expect(ids(await v1('GET', `/users?email=${email}`), 'users')).toEqual([]);
    expect((await put(await addUser(v1), { email })).status).toBe(200);
  });

  it('X33: the external_id of another user is 409, the own is not', async () => {
    const user = await addUser(v1, { external_id: 'X33-own' });
    await addUser(v1, { external_id: 'X33-other' });
    expect((await put(user, { external_id: 'X33-own' })).status).toBe(200);
    const answer = await expectNothingRecorded(v1, () => put(user, { external_id: 'X33-other' }));
    expectRefusal(answer, 409, 'external_id_in_use');
  });

  it.each([null, ''])('T236 X36: external_id %j clears it, hides it and frees it', async (external_id) => {
    const user = await addUser(v1, { external_id: 'T236' });
    expect((await put(user, { external_id })).status).toBe(200);
    expect(await detail(user)).not.toHaveProperty('external_id');
    expect(ids(await v1('GET', '/users?external_id=T236'), 'users')).toEqual([]);
    const next = await addUser(v1, { external_id: 'T236' });
    await v1('DELETE', `/users/${next}`);
  });

  it.each([null, '', ' ', '\u2003'])('X79: the name %j is 400', async (name) => {
    const user = await addUser(v1);
    for (const field of ['first_name', 'last_name']) {
      const answer = await expectNothingRecorded(v1, () => put(user, { [field]: name }));
      expectRefusal(answer, 400, 'bad_request');
    }
  });

  it.each([null, '', 'jane', 'jane@'])('T221 T230: the address %j is 400', async (email) => {
    const user = await addUser(v1);
    expectRefusal(await expectNothingRecorded(v1, () => put(user, { email })), 400, 'invalid_email');
  });

  it('T237: the changed name shows in full_name of the group', async () => {
    const [user, group] = [await addUser(v1), await addGroup(v1)];
    await v1('PUT', `/users/${user}/groups/${group}`);
    await put(user, { first_name: 'Janet', last_name: 'Dow' });
    const { body } = await v1('GET', `/groups/${group}?full=true`);
    expect(body).toMatchObject({ data: { members: [{ id: user, full_name: 'Janet Dow' }] } });
  });
});
