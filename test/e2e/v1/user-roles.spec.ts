import { beforeEach, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addPerson,
  addRole,
  addUser,
  ADMIN,
  type Call,
  type Company,
  EDITOR,
  openCompany,
  startService,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids } from './expectations.js';

const app = await startService();

let home: Company;
let v1: Call;
beforeEach(async () => {
  home = await openCompany(app);
  v1 = home.admin.v1;
});

const rolesOf = async (user: string, client?: string) =>
  ids(await v1('GET', `/users/${user}/roles${within(client)}`), 'roles');

describe('GET /users/{id}/roles', () => {
  it('T403 X71: data is the first role, with the list of all beside it', async () => {
    const user = await addUser(v1, { roles: [EDITOR] });
    const role = await addRole(v1);
    await v1('PUT', `/users/${user}/roles/${role}`);
    const row = async (id: string) => {
      const data = pick(await v1('GET', `/roles/${id}`), 'data') as Record<string, unknown>;
      return { id: data['id'], name: data['name'], description: data['description'] };
    };
    const [first, second] = [await row(EDITOR), await row(role)];
    const answer = await v1('GET', `/users/${user}/roles`);
    expect(answer.body).toEqual({ ...done, data: { ...first, roles: [first, second] } });
  });

  it('T403 X71: a user without a role has an empty list and nothing beside it', async () => {
    const user = await addUser(v1);
    await v1('DELETE', `/users/${user}/roles/${VIEW_ONLY}`);
    expect((await v1('GET', `/users/${user}/roles`)).body).toEqual({ ...done, data: { roles: [] } });
  });

  it('T403 T401: the first user has every built-in role', async () => {
    expect(await rolesOf(home.admin.id)).toEqual([ADMIN, EDITOR, VIEW_ONLY]);
  });

  it('T403: needs user.manage, an unknown user is 404', async () => {
    const visitor = await addPerson(app, home.admin, ['user.view']);
    expectRefusal(await visitor.v1('GET', `/users/${visitor.id}/roles`), 401, 'access_denied');
    expectRefusal(await v1('GET', '/users/nobody/roles'), 404, 'user_not_found');
  });
});

describe('PUT /users/{id}/roles/{rid}', () => {
  it('T403 X80: answers meta alone; the role then shows on both sides', async () => {
    const [user, role] = [await addUser(v1), await addRole(v1)];
    const answer = await v1('PUT', `/users/${user}/roles/${role}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await rolesOf(user)).toEqual([VIEW_ONLY, role]);
    expect(ids(await v1('GET', `/roles/${role}/users`), 'users')).toEqual([user]);
  });

  it('T403 T155 X13: a role the user has already is 403, however it was given', async () => {
    const [user, role] = [await addUser(v1), await addRole(v1)];
    await v1('PUT', `/roles/${role}/users/${user}`);
    for (const held of [role, VIEW_ONLY]) {
      const put = () => v1('PUT', `/users/${user}/roles/${held}`);
      expectRefusal(await expectNothingRecorded(v1, put), 403, 'user_already_has_role');
    }
  });

  it('T403 X56: a role that holds more than the caller is 403', async () => {
    const manager = await addPerson(app, home.admin, ['user.manage']);
    const user = await addUser(v1);
    for (const role of [ADMIN, EDITOR, await addRole(v1, ['a'])]) {
      const put = () => manager.v1('PUT', `/users/${user}/roles/${role}`);
      expectRefusal(await expectNothingRecorded(v1, put), 403, 'permission_escalation');
    }
    const weak = await addRole(v1, ['user.manage']);
    expect((await manager.v1('PUT', `/users/${user}/roles/${weak}`)).body).toEqual(done);
  });

  it('T403 T156 T157: an unknown user or role is 404, the user first', async () => {
    const user = await addUser(v1);
    expectRefusal(await v1('PUT', `/users/nobody/roles/${EDITOR}`), 404, 'user_not_found');
    expectRefusal(await v1('PUT', `/users/${user}/roles/none`), 404, 'role_not_found');
    expectRefusal(await v1('PUT', '/users/nobody/roles/none'), 404, 'user_not_found');
  });

  it('T403 T153 T158: needs user.manage', async () => {
    const visitor = await addPerson(app, home.admin, ['user.view']);
    const path = `/users/${visitor.id}/roles/${VIEW_ONLY}`;
    expectRefusal(await expectNothingRecorded(v1, () => visitor.v1('PUT', path)), 401, 'access_denied');
  });

  it('T403 T042: works inside a client', async () => {
    const client = await addClient(v1);
    const user = await addUser(v1, {}, client);
    expect((await v1('PUT', `/users/${user}/roles/${EDITOR}${within(client)}`)).body).toEqual(done);
    expect(await rolesOf(user, client)).toEqual([VIEW_ONLY, EDITOR]);
  });
});

describe('DELETE /users/{id}/roles/{rid}', () => {
  it('T403 X80: answers meta alone; the role is gone on both sides', async () => {
    const [user, role] = [await addUser(v1), await addRole(v1)];
    await v1('PUT', `/users/${user}/roles/${role}`);
    const answer = await v1('DELETE', `/users/${user}/roles/${role}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await rolesOf(user)).toEqual([VIEW_ONLY]);
    expect(ids(await v1('GET', `/roles/${role}/users`), 'users')).toEqual([]);
  });

  it('T403 T163: a role the user does not have is 403', async () => {
    const path = `/users/${await addUser(v1)}/roles/${EDITOR}`;
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', path));
    expectRefusal(answer, 403, 'user_does_not_have_role');
  });

  it('T403 T164 T165: the last admin keeps the role, the last but one does not', async () => {
    const other = await addAdmin(app, home.admin);
    expect((await v1('DELETE', `/users/${other.id}/roles/${ADMIN}`)).body).toEqual(done);
    const path = `/users/${home.admin.id}/roles/${ADMIN}`;
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', path));
    expectRefusal(answer, 403, 'admin_role_requires_user');
  });

  it('T403 T168: an unknown user or role is 404', async () => {
    expectRefusal(await v1('DELETE', `/users/nobody/roles/${EDITOR}`), 404, 'user_not_found');
    expectRefusal(await v1('DELETE', `/users/${home.admin.id}/roles/none`), 404, 'role_not_found');
  });

  it('T403 T162: needs user.manage', async () => {
    const visitor = await addPerson(app, home.admin, ['user.view']);
    const path = `/users/${home.admin.id}/roles/${EDITOR}`;
    expectRefusal(await expectNothingRecorded(v1, () => visitor.v1('DELETE', path)), 401, 'access_denied');
  });
});

describe('A path without the role', () => {
  it.each(['PUT', 'DELETE'])('T403 T152 T161 X12: %s /users/{id}/roles is 400', async (method) => {
    for (const end of ['', '/', '/%20']) {
      const tried = () => v1(method, `/users/${home.admin.id}/roles${end}`);
      expectRefusal(await expectNothingRecorded(v1, tried), 400, 'missing_id');
    }
  });
});
