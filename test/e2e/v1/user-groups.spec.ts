import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  openCompany,
  startService,
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids, rowOf, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const stranger = await openCompany(app);
const v1 = home.admin.v1;
const visitor = await addPerson(app, home.admin, ['user.view', 'group.view']);
const allUsers = String(rows(await v1('GET', '/groups'), 'groups')[0]?.['id']);

async function pair(facts: object = {}): Promise<{ user: string; group: string; path: string }> {
  const [user, group] = [await addUser(v1, facts), await addGroup(v1)];
  return { user, group, path: `/users/${user}/groups/${group}` };
}

/** can_edit of a membership, seen from both sides; undefined where there is none. */
async function canEdit({ user, group }: { user: string; group: string }): Promise<unknown[]> {
  const members = pick(await v1('GET', `/groups/${group}?full=true`), 'data', 'members') as Record<
    string,
    unknown
  >[];
  const row = rowOf(await v1('GET', `/users/${user}/groups`), 'groups', group);
  return [row?.['can_edit'], members.find(({ id }) => id === user)?.['can_edit']];
}

describe('GET /users/{id}/groups', () => {
  it('T100 X53: rows are id, name and description, with can_edit beside them', async () => {
    const user = await addUser(v1);
    const group = await addGroup(v1, { name: 'Managers', description: 'All managers in the company' });
    await v1('PUT', `/users/${user}/groups/${group}`);
    const answer = await v1('GET', `/users/${user}/groups`);
    expect(answer.status).toBe(200);
    const facts = { name: 'Managers', description: 'All managers in the company' };
    expect(rowOf(answer, 'groups', group)).toEqual({ id: group, ...facts, can_edit: false });
  });

  it('T101: needs user.manage', async () => {
    expectRefusal(await visitor.v1('GET', `/users/${await addUser(v1)}/groups`), 401, 'access_denied');
  });

  it('T102: an unknown user is 404', async () => {
    expectRefusal(await v1('GET', '/users/0123/groups'), 404, 'user_not_found');
  });

  it('T103 T226 X54: a new user is in All Users alone', async () => {
    const answer = await v1('GET', `/users/${await addUser(v1)}/groups`);
    expect(rows(answer, 'groups')).toEqual([expect.objectContaining({ id: allUsers, name: 'All Users' })]);
    expect(pick(answer, 'meta')).toMatchObject({ count: 1, total: 1 });
  });

  it('T104: client_id is optional', async () => {
    const client = await addClient(v1);
    const user = await addUser(v1, {}, client);
    const group = await addGroup(v1, {}, client);
    await v1('PUT', `/users/${user}/groups/${group}${within(client)}`);
    expect(ids(await v1('GET', `/users/${user}/groups${within(client)}`), 'groups')).toContain(group);
  });

  it('X41: has limit and offset, count and total', async () => {
    const { user, group, path } = await pair();
    await v1('PUT', path);
    const page = await v1('GET', `/users/${user}/groups?limit=1&offset=1`);
    expect(ids(page, 'groups')).toEqual([group]);
    expect(pick(page, 'meta')).toMatchObject({ count: 1, total: 2 });
  });
});

describe('PUT /users/{id}/groups/{gid}', () => {
  it('T110 T019 X7: answers meta alone; the membership shows on both sides', async () => {
    const { user, group, path } = await pair();
    const answer = await v1('PUT', path);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(ids(await v1('GET', `/users/${user}/groups`), 'groups')).toContain(group);
    const { body } = await v1('GET', `/groups/${group}?full=true`);
    expect(body).toMatchObject({ data: { members: [{ id: user, full_name: 'Jane Doe' }] } });
  });

  it('T111 X3: one group a call, others of the body are not joined', async () => {
    const [{ user, group, path }, other] = [await pair(), await addGroup(v1)];
    await v1('PUT', path, { group_id: other, groups: [other] });
    expect(ids(await v1('GET', `/users/${user}/groups`), 'groups')).toEqual([allUsers, group]);
  });

  it.each([
    ['body', true, true],
    ['body', false, false],
    ['body', 'true', true],
    ['body', 'false', false],
    ['query', 'true', true],
    ['query', 'false', false],
  ])('T112 T013: can_edit in the %s %j is stored', async (place, can_edit, stored) => {
    const both = await pair();
    const query = place === 'query' ? `?can_edit=${String(can_edit)}` : '';
    await v1('PUT', both.path + query, place === 'body' ? { can_edit } : undefined);
    expect(await canEdit(both)).toEqual([stored, stored]);
  });

  it.each([undefined, {}, [], { can_edit: false }])(
    'T113: can_edit absent is false for a new membership (%j)',
    async (body) => {
      const both = await pair();
      expect((await v1('PUT', both.path, body)).status).toBe(200);
      expect(await canEdit(both)).toEqual([false, false]);
    },
  );

  it.each([
    [false, true],
    [true, false],
  ])('T114 X14: repeated with another can_edit it changes from %j to %j', async (first, second) => {
    const both = await pair();
    await v1('PUT', both.path, { can_edit: first });
    expect((await v1('PUT', both.path, { can_edit: second })).body).toEqual(done);
    expect(await canEdit(both)).toEqual([second, second]);
  });

  it.each([{ can_edit: true }, { can_edit: 'true' }, {}, [], undefined])(
    'T114 X14 X59: repeated with %j it stays and nothing is recorded',
    async (body) => {
      const both = await pair();
      await v1('PUT', both.path, { can_edit: true });
      const answer = await expectNothingRecorded(v1, () => v1('PUT', both.path, body));
      expect(answer.body).toEqual(done);
      expect(await canEdit(both)).toEqual([true, true]);
    },
  );

  it.each(['yes', 1, 0, null, '', 'TRUE', [], {}, [true]])('T115: can_edit %j is 400', async (can_edit) => {
    const both = await pair();
    const answer = await expectNothingRecorded(v1, () => v1('PUT', both.path, { can_edit }));
    expectRefusal(answer, 400, 'bad_request');
  });

  it('T116: an unknown user or group is 404', async () => {
    const { user, group } = await pair();
    expectRefusal(await v1('PUT', `/users/nobody/groups/${group}`), 404, 'user_not_found');
    expectRefusal(await v1('PUT', `/users/${user}/groups/nothing`), 404, 'group_not_found');
  });

  it('T117: needs user.manage', async () => {
    const { path } = await pair();
    expectRefusal(await expectNothingRecorded(v1, () => visitor.v1('PUT', path)), 401, 'access_denied');
  });

  it('T118 X2: PUT /users/{id}/groups with group_id in the body does the same', async () => {
    const both = await pair();
    const body = { group_id: both.group, can_edit: true };
    expect((await v1('PUT', `/users/${both.user}/groups`, body)).body).toEqual(done);
    expect(await canEdit(both)).toEqual([true, true]);
  });

  it.each([undefined, {}, [], { can_edit: true }, { group_id: null }, { group_id: ' ' }])(
    'T118: PUT /users/{id}/groups with %j lacks group_id: 400',
    async (body) => {
      const { user } = await pair();
      const answer = await expectNothingRecorded(v1, () => v1('PUT', `/users/${user}/groups`, body));
      expectRefusal(answer, 400, body && 'group_id' in body ? 'bad_request' : 'missing_id');
    },
  );

  it('X68: a group_id of the body that is unknown is 404, one of another company 401', async () => {
    const { user } = await pair();
    const foreign = await addGroup(stranger.admin.v1);
    const put = (group_id: string) => v1('PUT', `/users/${user}/groups`, { group_id });
    expectRefusal(await put('unknown'), 404, 'group_not_found');
    expectRefusal(await put(foreign), 401, 'access_denied');
    expectRefusal(await put(await addGroup(v1, {}, await addClient(v1))), 404, 'group_not_found');
  });

  it('T119: num_members rises by one, once', async () => {
    const { group, path } = await pair();
    const members = async () => pick(await v1('GET', `/groups/${group}`), 'data', 'num_members');
    expect(await members()).toBe(0);
    await v1('PUT', path);
    await v1('PUT', path);
    await v1('PUT', path, { can_edit: true });
    expect(await members()).toBe(1);
  });

  it('T120 X54: All Users is 403', async () => {
    const path = `/users/${await addUser(v1)}/groups`;
    const named = await expectNothingRecorded(v1, () => v1('PUT', `${path}/${allUsers}`));
    expectRefusal(named, 403, 'built_in_group');
    expectRefusal(await v1('PUT', path, { group_id: allUsers }), 403, 'built_in_group');
  });
});

describe('DELETE /users/{id}/groups/{gid}', () => {
  it('T130 X7: the membership is gone on both sides, user and group stay', async () => {
    const both = await pair();
    await v1('PUT', both.path);
    const answer = await v1('DELETE', both.path);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await canEdit(both)).toEqual([undefined, undefined]);
    expect((await v1('GET', `/users/${both.user}`)).status).toBe(200);
    expect(pick(await v1('GET', `/groups/${both.group}`), 'data', 'num_members')).toBe(0);
  });

  it('T131 X14: who is not a member is 403', async () => {
    const { path } = await pair();
    const never = await expectNothingRecorded(v1, () => v1('DELETE', path));
    expectRefusal(never, 403, 'user_not_in_group');
    await v1('PUT', path);
    await v1('DELETE', path);
    expectRefusal(await expectNothingRecorded(v1, () => v1('DELETE', path)), 403, 'user_not_in_group');
  });

  it('T132: an unknown user or group is 404', async () => {
    const { user, group } = await pair();
    expectRefusal(await v1('DELETE', `/users/nobody/groups/${group}`), 404, 'user_not_found');
    expectRefusal(await v1('DELETE', `/users/${user}/groups/nothing`), 404, 'group_not_found');
  });

  it('T133: needs user.manage', async () => {
    const both = await pair();
    await v1('PUT', both.path);
    expectRefusal(await visitor.v1('DELETE', both.path), 401, 'access_denied');
    expect(await canEdit(both)).toEqual([false, false]);
  });

  it('T134 X54: All Users is 403', async () => {
    const path = `/users/${await addUser(v1)}/groups/${allUsers}`;
    expectRefusal(await expectNothingRecorded(v1, () => v1('DELETE', path)), 403, 'built_in_group');
  });

  it('T113 X59: who comes back is new: can_edit is false again', async () => {
    const both = await pair();
    await v1('PUT', both.path, { can_edit: true });
    await v1('DELETE', both.path);
    await v1('PUT', both.path);
    expect(await canEdit(both)).toEqual([false, false]);
  });
});
