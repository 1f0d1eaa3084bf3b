import { describe, expect, it } from '@jest/globals';
import { idOf, pick } from '../../support/api-client.js';
import {
  addClient,
  addPerson,
  addRole,
  addUser,
  ADMIN,
  EDITOR,
  giveKey,
  openCompany,
  startService,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids, rowOf } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;
/** Manages users, and holds nothing else but klip.edit. */
const manager = await addPerson(app, home.admin, ['user.manage', 'klip.edit']);
const visitor = await addPerson(app, home.admin, ['user.view']);

const facts = { name: 'User Admin', description: 'Manages users', permissions: ['user.manage', 'user.view'] };
const create = async () => idOf(await v1('POST', '/roles', facts));
const detail = async (role: string) => pick(await v1('GET', `/roles/${role}?full=true`), 'data');

describe('PUT /roles/{id}', () => {
  it.each([
    { name: 'Renamed' },
    { description: '' },
    { permissions: ['tab.edit', 'zebra.ride'] },
    { permissions: [] },
    { name: 'Both', description: 'Lines\nof text', permissions: ['user.view', 'user.manage'] },
  ])('T400: %j changes what is sent and nothing else', async (body) => {
    const role = await create();
    const before = (await detail(role)) as object;
    const answer = await v1('PUT', `/roles/${role}`, body);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await detail(role)).toEqual({ ...before, ...body });
  });

  it.each([undefined, {}, facts, { ...facts, id: 'x', company: 'x', users: [], num_users: 5 }])(
    'T400: %j changes nothing, and nothing is recorded',
    async (body) => {
      const role = await create();
      const before = await detail(role);
      const answer = await expectNothingRecorded(v1, () => v1('PUT', `/roles/${role}`, body));
      expect(answer.body).toEqual(done);
      expect(await detail(role)).toEqual(before);
    },
  );

  it('T400: its holders have what it has now, at once', async () => {
    const role = await addRole(v1);
    const holder = await giveKey(app, home.admin, await addUser(v1, { roles: [role] }));
    expectRefusal(await holder.v1('GET', '/roles'), 401, 'access_denied');
    await v1('PUT', `/roles/${role}`, { permissions: ['user.manage'] });
    expect((await holder.v1('GET', '/roles')).status).toBe(200);
    await v1('PUT', `/roles/${role}`, { permissions: ['user.view'] });
    expectRefusal(await holder.v1('GET', '/roles'), 401, 'access_denied');
    expectRefusal(await holder.v1('POST', '/groups', { name: 'G' }), 401, 'access_denied');
  });

  it.each([ADMIN, EDITOR, VIEW_ONLY])('T401: the built-in role %s is 403', async (role) => {
    const before = await detail(role);
    for (const body of [{ name: 'Mine' }, { permissions: [] }, {}]) {
      const answer = await expectNothingRecorded(v1, () => v1('PUT', `/roles/${role}`, body));
      expectRefusal(answer, 403, 'built_in_role');
    }
    expect(await detail(role)).toEqual(before);
  });

  it('X56 X78: what is newly given must be held by the caller, whether somebody has the role or not', async () => {
    for (const role of [await create(), await addRole(v1)]) {
      if (role) await addUser(v1, { roles: [role] });
      for (const permissions of [['tab.edit'], [...facts.permissions, 'klip.edit', '**']]) {
        const put = () => manager.v1('PUT', `/roles/${role}`, { name: 'N', permissions });
        expectRefusal(await expectNothingRecorded(v1, put), 403, 'permission_escalation');
      }
    }
    const role = await create();
    const kept = { permissions: ['user.view', 'klip.edit'] };
    expect((await manager.v1('PUT', `/roles/${role}`, kept)).body).toEqual(done);
    expect(await detail(role)).toMatchObject(kept);
  });

  it('X56: nobody strengthens a role of their own', async () => {
    const [own] = ids(await v1('GET', `/users/${manager.id}/roles`), 'roles');
    const body = { permissions: ['user.manage', 'klip.edit', 'client.build'] };
    const put = () => manager.v1('PUT', `/roles/${String(own)}`, body);
    expectRefusal(await expectNothingRecorded(v1, put), 403, 'permission_escalation');
  });

  it('X75 T401: escalation comes before a built-in role, an unknown role before both', async () => {
    const body = { permissions: ['zebra.ride'] };
    expectRefusal(await manager.v1('PUT', `/roles/${ADMIN}`, body), 403, 'permission_escalation');
    expectRefusal(await manager.v1('PUT', '/roles/unknown', body), 404, 'role_not_found');
  });

  it('T400: needs user.manage, an unknown id is 404, a wrong field 400', async () => {
    const role = await create();
    const tried = (by: typeof v1, id: string, body: object) =>
      expectNothingRecorded(v1, () => by('PUT', `/roles/${id}`, body));
    expectRefusal(await tried(visitor.v1, role, { name: 'N' }), 401, 'access_denied');
    expectRefusal(await tried(v1, 'unknown', { name: 'N' }), 404, 'role_not_found');
    expectRefusal(await tried(v1, role, { name: 'N', permissions: ['a', 'a'] }), 400, 'bad_request');
  });
});

describe('DELETE /roles/{id}', () => {
  it('T400 X82: a role that users have is gone, from the list and from them; they stay', async () => {
    const role = await create();
    const user = await addUser(v1, { roles: [VIEW_ONLY, role] });
    const last = await addUser(v1, { roles: [role] });
    const answer = await v1('DELETE', `/roles/${role}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expectRefusal(await v1('GET', `/roles/${role}`), 404, 'role_not_found');
    expectRefusal(await v1('GET', `/roles/${role}/users`), 404, 'role_not_found');
    expect(rowOf(await v1('GET', '/roles'), 'roles', role)).toBeUndefined();
    const rolesOf = async (id: string) => pick(await v1('GET', `/users/${id}?full=true`), 'data', 'roles');
    expect([await rolesOf(user), await rolesOf(last)]).toEqual([[VIEW_ONLY], []]);
  });

  it('T400: meta.total of the list falls by one', async () => {
    const client = await addClient(v1);
    const role = await addRole(v1, [], client);
    const total = async () => pick(await v1('GET', `/roles${within(client)}`), 'meta', 'total');
    expect(await total()).toBe(4);
    await v1('DELETE', `/roles/${role}${within(client)}`);
    expect(await total()).toBe(3);
    expect(ids(await v1('GET', `/roles${within(client)}`), 'roles')).toEqual([ADMIN, EDITOR, VIEW_ONLY]);
  });

  it('T400: what was held through the role only is gone at once', async () => {
    const role = await addRole(v1, ['user.manage']);
    const holder = await giveKey(app, home.admin, await addUser(v1, { roles: [role] }));
    expect((await holder.v1('GET', '/roles')).status).toBe(200);
    await v1('DELETE', `/roles/${role}`);
    expectRefusal(await holder.v1('GET', '/roles'), 401, 'access_denied');
    expectRefusal(await holder.v1('POST', '/groups', { name: 'G' }), 401, 'access_denied');
  });

  it('T400: is one event, however many had the role', async () => {
    const role = await addRole(v1);
    for (let n = 0; n < 3; n += 1) await addUser(v1, { roles: [role] });
    const revisionOf = (answer: { headers: Headers }) =>
      Number(answer.headers.get('muster-revision')?.split('@')[1]);
    const before = revisionOf(await v1('GET', '/roles'));
    expect(revisionOf(await v1('DELETE', `/roles/${role}`))).toBe(before + 1);
  });

  it('T400: twice is 404, and so is giving it afterwards', async () => {
    const [role, user] = [await create(), await addUser(v1)];
    await v1('DELETE', `/roles/${role}`);
    for (const [method, path] of [
      ['DELETE', `/roles/${role}`],
      ['PUT', `/roles/${role}`],
      ['PUT', `/roles/${role}/users/${user}`],
      ['DELETE', `/roles/${role}/users/${user}`],
    ] as const)
      expectRefusal(await expectNothingRecorded(v1, () => v1(method, path)), 404, 'role_not_found');
  });

  it('X57 X78: a strong role may be deleted by who does not hold what it gives', async () => {
    const role = await addRole(v1, ['tab.edit']);
    await addUser(v1, { roles: [role] });
    expect((await manager.v1('DELETE', `/roles/${role}`)).body).toEqual(done);
  });

  it.each([ADMIN, EDITOR, VIEW_ONLY])('T401: the built-in role %s is 403', async (role) => {
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', `/roles/${role}`));
    expectRefusal(answer, 403, 'built_in_role');
    expect((await v1('GET', `/roles/${role}`)).status).toBe(200);
  });

  it('T400: needs user.manage, an unknown id is 404', async () => {
    const path = `/roles/${await create()}`;
    expectRefusal(await expectNothingRecorded(v1, () => visitor.v1('DELETE', path)), 401, 'access_denied');
    expectRefusal(await v1('DELETE', '/roles/unknown'), 404, 'role_not_found');
  });
});
