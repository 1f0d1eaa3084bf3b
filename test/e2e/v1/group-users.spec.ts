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
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids, rowOf, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;
const visitor = await addPerson(app, home.admin, ['user.view', 'group.view']);
const manager = await addPerson(app, home.admin, ['user.manage']);
const allUsers = String(rows(await v1('GET', '/groups'), 'groups')[0]?.['id']);

async function pair(): Promise<{ user: string; group: string; path: string }> {
  const [user, group] = [await addUser(v1), await addGroup(v1)];
  return { user, group, path: `/groups/${group}/users/${user}` };
}

/** can_edit of a membership, as the user's groups tell it; undefined where there is none. */
async function canEdit({ user, group }: { user: string; group: string }): Promise<unknown> {
  return rowOf(await v1('GET', `/users/${user}/groups`), 'groups', group)?.['can_edit'];
}

describe('GET /groups/{id}/users', () => {
  it('T405: rows are users in detail, without external id and associations', async () => {
    const group = await addGroup(v1);
    const names = { first_name: 'John', last_name: 'Smith', email: `${unique('john')}@example.com` };
    const user = await addUser(v1, { ...names, external_id: unique('hr') });
    await v1('PUT', `/groups/${group}/users/${user}`);
    const row = {
      ...{ id: user, company: home.name, ...names, date_last_login: null, is_locked_out: false },
      date_created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
    };
    expect((await v1('GET', `/groups/${group}/users`)).body).toEqual({
      meta: { ...done.meta, count: 1, total: 1 },
      data: { users: [row] },
    });
    expect(pick(await v1('GET', `/users/${user}`), 'data')).toMatchObject(row);
  });

  it('T405: a group without members has []', async () => {
    expect((await v1('GET', `/groups/${await addGroup(v1)}/users`)).body).toEqual({
      meta: { ...done.meta, count: 0, total: 0 },
      data: { users: [] },
    });
  });

  it('T405 X41: has limit and offset, count and total, in the order of the users', async () => {
    const group = await addGroup(v1);
    const users = [await addUser(v1), await addUser(v1), await addUser(v1)];
    for (const user of users.toReversed()) await v1('PUT', `/groups/${group}/users/${user}`);
    expect(ids(await v1('GET', `/groups/${group}/users`), 'users')).toEqual(users);
    const page = await v1('GET', `/groups/${group}/users?limit=1&offset=1`);
    expect(ids(page, 'users')).toEqual([users[1]]);
    expect(pick(page, 'meta')).toEqual({ ...done.meta, count: 1, total: 3 });
  });

  it('T405 X54: everybody is in All Users, of the account in scope', async () => {
    const client = await addClient(v1);
    const theirs = await addUser(v1, {}, client);
    const [group] = ids(await v1('GET', `/groups${within(client)}`), 'groups');
    const answer = await v1('GET', `/groups/${String(group)}/users${within(client)}`);
    expect(ids(answer, 'users')).toEqual([theirs]);
    expect(pick(answer, 'data', 'users', 0, 'company')).not.toBe(home.name);
    expect(ids(await v1('GET', `/groups/${allUsers}/users`), 'users')).toContain(home.admin.id);
  });

  it('T405: who is deleted or leaves is no longer there', async () => {
    const [{ user, group, path }, other] = [await pair(), await addUser(v1)];
    await v1('PUT', path);
    await v1('PUT', `/groups/${group}/users/${other}`);
    await v1('DELETE', `/users/${user}`);
    expect(ids(await v1('GET', `/groups/${group}/users`), 'users')).toEqual([other]);
    await v1('DELETE', `/groups/${group}/users/${other}`);
    expect(ids(await v1('GET', `/groups/${group}/users`), 'users')).toEqual([]);
  });

  it('T405: needs user.manage, an unknown group is 404, a bad limit 400', async () => {
    const path = `/groups/${await addGroup(v1)}/users`;
    expectRefusal(await visitor.v1('GET', path), 401, 'access_denied');
    expectRefusal(await v1('GET', '/groups/nothing/users'), 404, 'group_not_found');
    expectRefusal(await v1('GET', `${path}?limit=0`), 400, 'bad_request');
  });
});

describe('PUT /groups/{id}/users/{uid}', () => {
  it('T405 T110: answers meta alone; the membership shows on both sides', async () => {
    const { user, group, path } = await pair();
    const answer = await v1('PUT', path);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(ids(await v1('GET', `/users/${user}/groups`), 'groups')).toEqual([allUsers, group]);
    expect(ids(await v1('GET', `/groups/${group}/users`), 'users')).toEqual([user]);
    expect(pick(await v1('GET', `/groups/${group}`), 'data', 'num_members')).toBe(1);
  });

  it.each<[string, unknown, boolean]>([
    ['', { can_edit: true }, true],
    ['', { can_edit: 'true' }, true],
    ['?can_edit=true', undefined, true],
    ['?can_edit=true', { can_edit: false }, true],
    ['?can_edit=false', { can_edit: true }, false],
    ['', undefined, false],
    ['', [], false],
    ['', { user_id: 'x', group_id: 'x' }, false],
  ])('T405 T112 T113: can_edit of %j and %j is %j', async (query, body, stored) => {
    const both = await pair();
    expect((await v1('PUT', both.path + query, body)).status).toBe(200);
    expect(await canEdit(both)).toBe(stored);
  });

  it('T405 T114 X59: repeated it changes can_edit when that is sent, and nothing else', async () => {
    const both = await pair();
    await v1('PUT', both.path, { can_edit: true });
    for (const body of [undefined, [], { can_edit: true }])
      expect((await expectNothingRecorded(v1, () => v1('PUT', both.path, body))).body).toEqual(done);
    await v1('PUT', both.path, { can_edit: false });
    expect(await canEdit(both)).toBe(false);
  });

  it('T405 T115: can_edit that is no flag is 400, in query and body', async () => {
    const { path } = await pair();
    for (const tried of [() => v1('PUT', path, { can_edit: 'yes' }), () => v1('PUT', `${path}?can_edit=1`)])
      expectRefusal(await expectNothingRecorded(v1, tried), 400, 'bad_request');
  });

  it('T405 T116: an unknown group or user is 404, the group first', async () => {
    const { user, group } = await pair();
    expectRefusal(await v1('PUT', `/groups/nothing/users/${user}`), 404, 'group_not_found');
    expectRefusal(await v1('PUT', `/groups/${group}/users/nobody`), 404, 'user_not_found');
    expectRefusal(await v1('PUT', '/groups/nothing/users/nobody'), 404, 'group_not_found');
  });

  it('T405 T117: needs user.manage', async () => {
    const { path } = await pair();
    expectRefusal(await expectNothingRecorded(v1, () => visitor.v1('PUT', path)), 401, 'access_denied');
  });

  it('T405 T120: All Users is 403, before whether the user is in it', async () => {
    const path = `/groups/${allUsers}/users/${await addUser(v1)}`;
    expectRefusal(await expectNothingRecorded(v1, () => v1('PUT', path)), 403, 'built_in_group');
  });

  it('T405 X56: a group that carries more than the caller holds is 403, for who is new in it', async () => {
    const facts = { name: unique('G'), permissions: ['tab.edit'] };
    const group = String(pick(await home.admin.v2('POST', '/groups', facts), 'id'));
    const path = `/groups/${group}/users/${await addUser(v1)}`;
    const put = () => manager.v1('PUT', path);
    expectRefusal(await expectNothingRecorded(v1, put), 403, 'permission_escalation');
    await v1('PUT', path);
    expect((await manager.v1('PUT', path, { can_edit: true })).body).toEqual(done);
  });
});

describe('DELETE /groups/{id}/users/{uid}', () => {
  it('T405 T130: answers meta alone; the membership is gone, user and group stay', async () => {
    const both = await pair();
    await v1('PUT', `/users/${both.user}/groups/${both.group}`);
    const answer = await v1('DELETE', both.path);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await canEdit(both)).toBeUndefined();
    expect((await v1('GET', `/users/${both.user}`)).status).toBe(200);
    expect(pick(await v1('GET', `/groups/${both.group}`), 'data', 'num_members')).toBe(0);
  });

  it('T405 T131: who is not a member is 403', async () => {
    const { path } = await pair();
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', path));
    expectRefusal(answer, 403, 'user_not_in_group');
  });

  it('T405 T132: an unknown group or user is 404', async () => {
    const { user, group } = await pair();
    expectRefusal(await v1('DELETE', `/groups/nothing/users/${user}`), 404, 'group_not_found');
    expectRefusal(await v1('DELETE', `/groups/${group}/users/nobody`), 404, 'user_not_found');
  });

  it('T405 T133: needs user.manage', async () => {
    const both = await pair();
    await v1('PUT', both.path);
    expectRefusal(await visitor.v1('DELETE', both.path), 401, 'access_denied');
    expect(await canEdit(both)).toBe(false);
  });

  it('T405 T134: All Users is 403', async () => {
    const path = `/groups/${allUsers}/users/${await addUser(v1)}`;
    expectRefusal(await expectNothingRecorded(v1, () => v1('DELETE', path)), 403, 'built_in_group');
  });
});
