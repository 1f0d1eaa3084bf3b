import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addRole,
  addUser,
  ADMIN,
  type Call,
  type Company,
  openCompany,
  type Person,
  startService,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal, ids, rows } from './expectations.js';

const app = await startService();

let home: Company;
let v1: Call;
/** May manage users and is neither an admin nor a contact. */
let manager: Person;
beforeEach(async () => {
  home = await openCompany(app);
  v1 = home.admin.v1;
  manager = await addPerson(app, home.admin, ['user.manage']);
});

const kinds = ['super_admin', 'technical_contact', 'business_contact'] as const;

async function nameContacts(contacts: { [kind in (typeof kinds)[number]]?: string }): Promise<Answer> {
  const answer = await home.admin.v2('PATCH', '/account', { contacts });
  expect(answer.status).toBe(200);
  return answer;
}

const refused = (by: Call, user: string) => expectNothingRecorded(v1, () => by('DELETE', `/users/${user}`));

describe('DELETE /users/{id}', () => {
  it('T240 T247 X7: the user is gone, and a second time 404', async () => {
    const user = await addUser(v1);
    const answer = await v1('DELETE', `/users/${user}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: doneWithData });
    expectRefusal(await v1('GET', `/users/${user}`), 404, 'user_not_found');
    expectRefusal(await v1('GET', `/users/${user}/groups`), 404, 'user_not_found');
    expectRefusal(await refused(v1, user), 404, 'user_not_found');
  });

  it.each(['', '/', '/%20'])('T241 X12 X23 X69: "/users%s" lacks the id: 400', async (rest) => {
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', `/users${rest}`));
    expectRefusal(answer, 400, rest === '/%20' ? 'missing_user_id' : 'missing_id');
  });

  it('T242 T248: needs user.manage', async () => {
    const viewer = await addPerson(app, home.admin, ['user.view', 'account.settings']);
    expectRefusal(await refused(viewer.v1, await addUser(v1)), 401, 'access_denied');
  });

  it('T242: from another company it is 401', async () => {
    const stranger = await openCompany(app);
    expectRefusal(await refused(stranger.admin.v1, await addUser(v1)), 401, 'access_denied');
  });

  it('T243: the own account is 403', async () => {
    expectRefusal(await refused(manager.v1, manager.id), 403, 'cannot_delete_self');
  });

  it.each([
    ['T244', 'super_admin'],
    ['T245', 'technical_contact'],
    ['T246', 'business_contact'],
  ] as const)('%s T249 T253: the %s is 403 until another user is named', async (_, kind) => {
    const user = await addUser(v1);
    await nameContacts({ [kind]: user });
    expectRefusal(await refused(v1, user), 403, `cannot_delete_${kind}`);
    await nameContacts({ [kind]: manager.id });
    expect((await v1('DELETE', `/users/${user}`)).status).toBe(200);
    expectRefusal(await refused(v1, manager.id), 403, `cannot_delete_${kind}`);
  });

  it('T253 X75 X28: a user with every reason hears of them one after the other', async () => {
    const { id } = home.admin;
    expectRefusal(await refused(v1, id), 403, 'cannot_delete_self');
    for (const kind of kinds) {
      expectRefusal(await refused(manager.v1, id), 403, `cannot_delete_${kind}`);
      await nameContacts({ [kind]: manager.id });
    }
    expectRefusal(await refused(manager.v1, id), 403, 'admin_role_requires_user');
    const successor = await addAdmin(app, home.admin);
    expect((await manager.v1('DELETE', `/users/${id}`)).status).toBe(200);
    expect(ids(await manager.v1('GET', `/roles/${ADMIN}/users`), 'users')).toEqual([successor.id]);
  });

  it('T251 X29: the last admin of a client is 403, one of two is not', async () => {
    const client = await addClient(v1);
    const admins = [
      await addUser(v1, { roles: [ADMIN] }, client),
      await addUser(v1, { roles: [ADMIN] }, client),
    ];
    const [first, last] = admins.map((id) => `/users/${id}?client_id=${client}`);
    expect((await v1('DELETE', first ?? '')).status).toBe(200);
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', last ?? ''), client);
    expectRefusal(answer, 403, 'admin_role_requires_user');
  });

  it('T251 T169: of two deletions of the last two admins at once, exactly one succeeds', async () => {
    const client = await addClient(v1);
    const admins = [
      await addUser(v1, { roles: [ADMIN] }, client),
      await addUser(v1, { roles: [ADMIN] }, client),
    ];
    const answers = await Promise.all(admins.map((id) => v1('DELETE', `/users/${id}?client_id=${client}`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect(rows(await v1('GET', `/roles/${ADMIN}/users?client_id=${client}`), 'users')).toHaveLength(1);
  });

  it('X57: deleting somebody stronger is no take-over', async () => {
    const { id } = await addAdmin(app, home.admin);
    expect((await manager.v1('DELETE', `/users/${id}`)).status).toBe(200);
  });

  it('T250: memberships and roles of the user vanish', async () => {
    const [group, role] = [await addGroup(v1), await addRole(v1)];
    const [gone, stays] = [await addUser(v1, { roles: [role] }), await addUser(v1, { roles: [role] })];
    for (const user of [gone, stays]) await v1('PUT', `/users/${user}/groups/${group}`);
    expect(pick(await v1('GET', `/groups/${group}`), 'data', 'num_members')).toBe(2);
    await v1('DELETE', `/users/${gone}`);
    const { body } = await v1('GET', `/groups/${group}?full=true`);
    expect(body).toMatchObject({ data: { num_members: 1, members: [{ id: stays }] } });
    expect(ids(await v1('GET', `/roles/${role}/users`), 'users')).toEqual([stays]);
    expect(pick(await v1('GET', `/roles/${role}?full=true`), 'data', 'num_users')).toBe(1);
  });

  it('T252: address and external_id can be used again, by somebody new', async () => {
    const facts = { email: 'T252@example.com', external_id: 'T252' };
    const first = await addUser(v1, facts);
    await v1('DELETE', `/users/${first}`);
    const second = await addUser(v1, facts);
    expect(second).not.toBe(first);
    expectRefusal(await v1('GET', `/users/${first}`), 404, 'user_not_found');
    expect(ids(await v1('GET', '/users?email=t252@example.com'), 'users')).toEqual([second]);
  });

  it('T254: a refusal leaves the user as it was', async () => {
    const before = (await v1('GET', `/users/${home.admin.id}?full=true`)).body;
    expectRefusal(await refused(manager.v1, home.admin.id), 403, 'cannot_delete_super_admin');
    expect((await v1('GET', `/users/${home.admin.id}?full=true`)).body).toEqual(before);
  });
});
