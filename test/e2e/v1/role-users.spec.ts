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
  unique,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal, ids, rowOf, rows } from './expectations.js';

const app = await startService();

let home: Company;
let v1: Call;
beforeEach(async () => {
  home = await openCompany(app);
  v1 = home.admin.v1;
});

async function rolesOf(user: string, client?: string): Promise<unknown> {
  const scope = client === undefined ? '' : `&client_id=${client}`;
  return pick(await v1('GET', `/users/${user}?full=true${scope}`), 'data', 'roles');
}

describe('GET /roles/{id}/users', () => {
  it('T140 X15: rows are names and address, with the id beside them', async () => {
    const facts = { first_name: 'John', last_name: 'Smith', email: 'john.smith@example.com' };
    const user = await addUser(v1, { ...facts, roles: [EDITOR] });
    const answer = await v1('GET', `/roles/${EDITOR}/users`);
    expect(answer.status).toBe(200);
    expect(rowOf(answer, 'users', user)).toEqual({ id: user, ...facts });
  });

  it('T141 X11: without user.manage it is 401', async () => {
    const visitor = await addPerson(app, home.admin, ['user.view']);
    expectRefusal(await visitor.v1('GET', `/roles/${EDITOR}/users`), 401, 'access_denied');
  });

  it('T142: an unknown role is 404', async () => {
    expectRefusal(await v1('GET', '/roles/unknown/users'), 404, 'role_not_found');
  });

  it('T143: a role nobody has is []', async () => {
    expect((await v1('GET', `/roles/${await addRole(v1)}/users`)).body).toEqual({
      meta: { status: 200, success: true, count: 0, total: 0 },
      data: { users: [] },
    });
  });

  it('T144: client_id is optional and narrows to the client', async () => {
    const client = await addClient(v1);
    const theirs = await addUser(v1, { roles: [EDITOR] }, client);
    expect(ids(await v1('GET', `/roles/${EDITOR}/users${within(client)}`), 'users')).toEqual([theirs]);
    expect(ids(await v1('GET', `/roles/${EDITOR}/users`), 'users')).toEqual([home.admin.id]);
  });

  it('X41: has limit and offset, count and total', async () => {
    const users = [home.admin.id, await addUser(v1), await addUser(v1)];
    const page = await v1('GET', `/roles/${VIEW_ONLY}/users?limit=1&offset=1`);
    expect(ids(page, 'users')).toEqual([users[1]]);
    expect(pick(page, 'meta')).toMatchObject({ count: 1, total: 3 });
  });
});

describe('PUT /roles/{id}/users/{uid}', () => {
  it('T150 T151 T019 X7: without a body, the role then shows on both sides', async () => {
    const [user, role] = [await addUser(v1), await addRole(v1)];
    const answer = await v1('PUT', `/roles/${role}/users/${user}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: doneWithData });
    expect(await rolesOf(user)).toContain(role);
    expect(ids(await v1('GET', `/roles/${role}/users`), 'users')).toEqual([user]);
  });

  it('T159: a second role stands beside the first', async () => {
    const user = await addUser(v1, { roles: [VIEW_ONLY] });
    await v1('PUT', `/roles/${EDITOR}/users/${user}`);
    expect(await rolesOf(user)).toEqual([VIEW_ONLY, EDITOR]);
  });

  it('T155 X13: a role the user has already is 403', async () => {
    const user = await addUser(v1);
    const again = () => v1('PUT', `/roles/${VIEW_ONLY}/users/${user}`);
    expectRefusal(await expectNothingRecorded(v1, again), 403, 'user_already_has_role');
  });

  it('T156 T157: an unknown user or role is 404', async () => {
    expectRefusal(await v1('PUT', `/roles/${EDITOR}/users/nobody`), 404, 'user_not_found');
    expectRefusal(await v1('PUT', `/roles/none/users/${home.admin.id}`), 404, 'role_not_found');
  });
});

describe('PUT and DELETE /roles/{id}/users/{uid}', () => {
  it.each(['PUT', 'DELETE'])('T152 T161 X12: %s without a user id is 400', async (method) => {
    for (const rest of ['', '/', '/%20', '/%09%20'])
      expectRefusal(await v1(method, `/roles/${EDITOR}/users${rest}`), 400, 'missing_user_id');
  });

  it.each(['PUT', 'DELETE'])('T153 T158 T162: %s by a caller without user.manage is 401', async (method) => {
    const visitor = await addPerson(app, home.admin, ['user.view']);
    const path = `/roles/${EDITOR}/users/${home.admin.id}`;
    const answer = await expectNothingRecorded(v1, () => visitor.v1(method, path));
    expectRefusal(answer, 401, 'access_denied');
  });

  it.each(['PUT', 'DELETE'])('T154 T162: %s by a caller from another company is 401', async (method) => {
    const stranger = await openCompany(app);
    const path = `/roles/${EDITOR}/users/${await addUser(v1, { roles: [ADMIN] })}`;
    const answer = await expectNothingRecorded(v1, () => stranger.admin.v1(method, path));
    expectRefusal(answer, 401, 'access_denied');
  });

  it.each(['PUT', 'DELETE'])("T154 T162: %s for another company's role is 401", async (method) => {
    const role = await addRole((await openCompany(app)).admin.v1);
    const path = `/roles/${role}/users/${home.admin.id}`;
    expectRefusal(await expectNothingRecorded(v1, () => v1(method, path)), 401, 'access_denied');
  });
});

describe('DELETE /roles/{id}/users/{uid}', () => {
  it('T160 T019 X7: the role is gone from the user', async () => {
    const [role, user] = [await addRole(v1), await addUser(v1)];
    await v1('PUT', `/roles/${role}/users/${user}`);
    const answer = await v1('DELETE', `/roles/${role}/users/${user}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: doneWithData });
    expect(await rolesOf(user)).toEqual([VIEW_ONLY]);
    expect(rows(await v1('GET', `/roles/${role}/users`), 'users')).toEqual([]);
  });

  it('T163: a role the user does not have is 403', async () => {
    const path = `/roles/${EDITOR}/users/${await addUser(v1)}`;
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', path));
    expectRefusal(answer, 403, 'user_does_not_have_role');
  });

  it('T164: the last user of the Admin role keeps it: 403', async () => {
    const path = `/roles/${ADMIN}/users/${home.admin.id}`;
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', path));
    expectRefusal(answer, 403, 'admin_role_requires_user');
    expect(await rolesOf(home.admin.id)).toContain(ADMIN);
  });

  it('T165: of two admins the first goes, the second stays', async () => {
    const other = await addAdmin(app, home.admin);
    expect((await v1('DELETE', `/roles/${ADMIN}/users/${other.id}`)).status).toBe(200);
    const last = await v1('DELETE', `/roles/${ADMIN}/users/${home.admin.id}`);
    expectRefusal(last, 403, 'admin_role_requires_user');
  });

  it('T166: the rule counts inside one account', async () => {
    const client = await addClient(v1);
    const other = await addAdmin(app, home.admin);
    const theirs = await addUser(v1, { roles: [ADMIN] }, client);
    const path = `/roles/${ADMIN}/users`;
    const inClient = () => v1('DELETE', `${path}/${theirs}${within(client)}`);
    expectRefusal(await expectNothingRecorded(v1, inClient, client), 403, 'admin_role_requires_user');
    expect((await v1('DELETE', `${path}/${other.id}`)).status).toBe(200);
    expectRefusal(await v1('DELETE', `${path}/${home.admin.id}`), 403, 'admin_role_requires_user');
  });

  it.each([VIEW_ONLY, EDITOR])(
    'T167 T170: the last holder of %s may lose it, and so their last role',
    async (role) => {
      const client = await addClient(v1);
      const user = await addUser(v1, { roles: [role] }, client);
      expect((await v1('DELETE', `/roles/${role}/users/${user}${within(client)}`)).body).toEqual(
        doneWithData,
      );
      expect(await rolesOf(user, client)).toEqual([]);
    },
  );

  it('T168: an unknown user or role is 404', async () => {
    expectRefusal(await v1('DELETE', `/roles/${EDITOR}/users/nobody`), 404, 'user_not_found');
    expectRefusal(await v1('DELETE', `/roles/none/users/${home.admin.id}`), 404, 'role_not_found');
  });

  it('T169: of two removals of the last two admins at once, exactly one succeeds', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { admin } = await openCompany(app);
      const other = await addUser(admin.v1, { roles: [ADMIN] });
      // By a password: a key that an Admin made holds no more than is left to that Admin (X97).
      const [email, password] = [`${unique('max')}@example.com`, 'correct horse battery'];
      await addUser(admin.v1, { email, password, roles: [await addRole(admin.v1, ['user.manage'])] });
      const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
      const byManager = (method: string, path: string) =>
        app.request(method, `/api/1.0${path}`, { headers: { authorization } });
      const answers = await Promise.all(
        [admin.id, other].map((id) => byManager('DELETE', `/roles/${ADMIN}/users/${id}`)),
      );
      const [done, refused] = answers.toSorted((one, two) => one.status - two.status);
      expect(done?.body).toEqual(doneWithData);
      expectRefusal(refused as NonNullable<typeof refused>, 403, 'admin_role_requires_user');
      expect(ids(await byManager('GET', `/roles/${ADMIN}/users`), 'users')).toHaveLength(1);
    }
  });
});
