import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { address, Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});
afterAll(() => app.stop());

const v1 = (method: string, path: string, body?: unknown) => app.v1(company.admin.key)(method, path, body);
const deleteUser = (id: string, query = '') => v1('DELETE', `/users/${id}${query}`);
const restore = (path: string, query = '', body?: unknown, key?: string): Promise<Answer> =>
  company.call('POST', `${path}/restore${query}`, body, key);

describe('POST /users/{id}/restore', () => {
  test('brings a user back as it was, with the password, and without keys', async () => {
    const [role, group] = [await company.role(['a.read']), await company.group(['b.read'])];
    const email = address();
    const id = await company.user({ email, roles: [role], password: 'a good password' });
    await company.call('PUT', `/groups/${group}/users/${id}`, { can_edit: true });
    await company.call('PUT', `/users/${id}/permissions`, { permissions: ['c.read'] });
    await v1('PUT', `/users/${id}/properties`, { properties: { floor: '7' } });
    await v1('PUT', `/users/${id}/tab-instances`, { tab_ids: ['home'] });
    const key = await company.key(id);
    const paths = ['', '/properties', '/tab-instances', '/groups', '/roles'].map(
      (end) => `/users/${id}${end}`,
    );
    const seen = async () => Promise.all(paths.map(async (path) => (await v1('GET', path)).body));
    const before = await seen();
    await deleteUser(id);
    const answer = await restore(`/users/${id}`);
    expect([answer.status, answer.body]).toEqual([
      200,
      { restored: { groups: [group], roles: [role], permissions: ['c.read'] }, not_restored: [] },
    ]);
    expect(await seen()).toEqual(before);
    expectProblem(await company.call('GET', '/account', undefined, key), 401, 'auth_fail');
    const basic = `Basic ${Buffer.from(`${email}:a good password`).toString('base64')}`;
    const signedIn = await app.request('GET', '/api/1.0/profile', { headers: { authorization: basic } });
    expect(signedIn.status).toBe(200);
  });

  test('names what is gone or not the caller’s to give', async () => {
    const [role, gone, strong] = [
      await company.role(['x.strong']),
      await company.group(),
      await company.group(['x.strong']),
    ];
    const id = await company.user({ roles: [role] });
    for (const group of [gone, strong]) await company.call('PUT', `/groups/${group}/users/${id}`);
    await company.call('PUT', `/users/${id}/permissions`, { permissions: ['x.strong'] });
    await deleteUser(id);
    await company.call('DELETE', `/groups/${gone}`);
    const manager = await company.personWith('user.manage');
    const answer = await restore(`/users/${id}`, '', {}, manager.key);
    expect(pick(answer, 'restored')).toEqual({ groups: [], roles: [], permissions: [] });
    const reason = expect.stringMatching(/\w/);
    const left = pick(answer, 'not_restored') as { what: string; id: string }[];
    expect(left).toHaveLength(4);
    expect(left).toEqual(
      expect.arrayContaining([
        { what: 'group', id: gone, code: 'group_not_found', reason },
        { what: 'group', id: strong, code: 'permission_escalation', reason },
        { what: 'role', id: role, code: 'permission_escalation', reason },
        { what: 'permission', id: 'x.strong', code: 'permission_escalation', reason },
      ]),
    );
  });

  test('refuses, and writes nothing', async () => {
    const email = address();
    const [alive, gone, other] = [
      await company.user(),
      await company.user({ email }),
      await company.user({ external_id: 'ext-restore' }),
    ];
    await deleteUser(gone);
    await deleteUser(other);
    await company.user({ email: email.toUpperCase() });
    await company.user({ external_id: 'ext-restore' });
    const refused = (id: string, status: number, code: string, body?: unknown) =>
      expectRefusal(company, () => restore(`/users/${id}`, '', body), status, code);
    await refused(alive, 409, 'not_deleted');
    await refused('0'.repeat(32), 404, 'user_not_found');
    await refused(gone, 409, 'email_in_use');
    await refused(other, 409, 'external_id_in_use');
    await refused(gone, 400, 'bad_request', { client_id: 5 });
    await refused(gone, 400, 'bad_request', []);
    await expectRefusal(company, () => restore(`/users/${gone}`, '?whole=true'), 400, 'bad_request');
  });

  test('in a client account takes a seat', async () => {
    const client = await company.client({ seats: 1 });
    const id = await company.user({}, client);
    await deleteUser(id, `?client_id=${client}`);
    const second = await company.user({}, client);
    expectProblem(await restore(`/users/${id}`, `?client_id=${client}`), 403, 'seat_limit');
    await deleteUser(second, `?client_id=${client}`);
    expect((await restore(`/users/${id}`, '', { client_id: client })).status).toBe(200);
  });
});

describe('POST /groups/{id}/restore', () => {
  test('brings a group back with members, tabs and share rights', async () => {
    const [group, id, client] = [
      await company.group(['a.read']),
      await company.user(),
      await company.client(),
    ];
    await company.call('PUT', `/groups/${group}/users/${id}`, { can_edit: true });
    await v1('POST', `/groups/${group}/default-tabs`, { tab_id: 'sales' });
    await v1('PUT', `/clients/${client}/share-rights`, { groups: [{ group_id: group, can_manage: true }] });
    const seen = async () => [
      (await company.call('GET', `/groups/${group}`)).body,
      (await company.call('GET', `/groups/${group}/users`)).body,
      (await v1('GET', `/groups/${group}/default-tabs`)).body,
      (await v1('GET', `/clients/${client}/share-rights`)).body,
    ];
    const before = await seen();
    await company.call('DELETE', `/groups/${group}`);
    const answer = await restore(`/groups/${group}`);
    expect(answer.body).toEqual({ restored: { users: [id], permissions: ['a.read'] }, not_restored: [] });
    expect(await seen()).toEqual(before);
    expect(pick(await company.call('GET', `/audit?group=${group}&limit=1`), 'entries', 0)).toMatchObject({
      event: 'GroupRestored',
      category: 'create',
    });
  });

  test('refuses, and writes nothing', async () => {
    const group = await company.group();
    const refused = (id: string, status: number, code: string) =>
      expectRefusal(company, () => restore(`/groups/${id}`), status, code);
    await refused(group, 409, 'not_deleted');
    await refused('0'.repeat(32), 404, 'group_not_found');
    await expectRefusal(company, () => restore(`/groups/${group}`, '?whole=true'), 400, 'bad_request');
    await v1('PUT', `/groups/${group}`, { external_id: 'ext-group' });
    await company.call('DELETE', `/groups/${group}`);
    await v1('PUT', `/groups/${await company.group()}`, { external_id: 'ext-group' });
    await refused(group, 409, 'external_id_in_use');
  });
});
