import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { addClient, addGroup, addPerson, addUser, openCompany, startService } from '../../support/people.js';
import { expectRefusal, ids, rowOf, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;

describe('GET /groups', () => {
  it('T050 T051 T052: rows are id, name and description, and nothing else', async () => {
    const id = await addGroup(v1, { name: 'Internal', description: 'For clients', external_id: 'T050' });
    const answer = await v1('GET', '/groups');
    expect(answer.status).toBe(200);
    expect(rowOf(answer, 'groups', id)).toEqual({ id, name: 'Internal', description: 'For clients' });
  });

  it('T053: needs no permission', async () => {
    const anybody = await addPerson(app, home.admin, []);
    expect((await anybody.v1('GET', '/groups')).body).toEqual((await v1('GET', '/groups')).body);
  });

  it('T054: no group of its own: All Users alone, and [] for a filter that nothing meets', async () => {
    const client = await addClient(v1);
    const all = await v1('GET', `/groups?client_id=${client}`);
    expect(rows(all, 'groups').map(({ name }) => name)).toEqual(['All Users']);
    const none = await v1('GET', '/groups?external_id=nothing');
    expect(none.body).toEqual({
      meta: { status: 200, success: true, count: 0, total: 0 },
      data: { groups: [] },
    });
  });

  it('T055: limit and offset cut the list; count and total describe it', async () => {
    const client = await addClient(v1);
    const made: unknown[] = [pick(await v1('GET', `/groups?client_id=${client}`), 'data', 'groups', 0, 'id')];
    for (let i = 0; i < 4; i += 1) made.push(await addGroup(v1, {}, client));
    const page = await v1('GET', `/groups?client_id=${client}&limit=2&offset=1`);
    expect(ids(page, 'groups')).toEqual(made.slice(1, 3));
    expect(pick(page, 'meta')).toEqual({ status: 200, success: true, count: 2, total: 5 });
    const last = await v1('GET', `/groups?client_id=${client}&limit=2&offset=4`);
    expect(pick(last, 'meta')).toEqual({ status: 200, success: true, count: 1, total: 5 });
  });

  it('T056: external_id filters, and full=true beside it adds the members', async () => {
    const group = await addGroup(v1, { external_id: 'T056' });
    const user = await addUser(v1);
    await v1('PUT', `/users/${user}/groups/${group}`);
    const plain = await v1('GET', '/groups?external_id=T056');
    expect(ids(plain, 'groups')).toEqual([group]);
    expect(rows(plain, 'groups')[0]).not.toHaveProperty('members');
    const full = await v1('GET', '/groups?external_id=T056&full=true');
    expect(rows(full, 'groups')).toMatchObject([
      { id: group, members: [{ id: user, full_name: 'Jane Doe' }] },
    ]);
  });

  it('T056: full=true alone is ignored', async () => {
    expect((await v1('GET', '/groups?full=true')).body).toEqual((await v1('GET', '/groups')).body);
  });
});

describe('GET /groups/{id}', () => {
  it('T060 T061: data is the group itself', async () => {
    const id = await addGroup(v1, { name: 'APIGroup', description: 'Updated group' });
    expect((await v1('GET', `/groups/${id}`)).body).toEqual({
      meta: { status: 200, success: true },
      data: { id, company: home.name, name: 'APIGroup', description: 'Updated group', num_members: 0 },
    });
  });

  it("T061: company is the client's name for a client's group", async () => {
    const client = await addClient(v1, { name: 'Hello' });
    const id = await addGroup(v1, {}, client);
    expect(pick(await v1('GET', `/groups/${id}?client_id=${client}`), 'data', 'company')).toBe('Hello');
  });

  it('T062 X16: external_id is shown when there is one, else the key is absent', async () => {
    const [one, other] = [await addGroup(v1, { external_id: 'T062' }), await addGroup(v1)];
    expect(pick(await v1('GET', `/groups/${one}`), 'data', 'external_id')).toBe('T062');
    expect(pick(await v1('GET', `/groups/${other}`), 'data')).not.toHaveProperty('external_id');
  });

  it('T063 T064 X53: full=true adds the members, with name, surname and can_edit', async () => {
    const group = await addGroup(v1);
    const jane = await addUser(v1, { first_name: 'Jane', last_name: 'van Doe' });
    const john = await addUser(v1, { first_name: 'John', last_name: 'Smith' });
    await v1('PUT', `/users/${jane}/groups/${group}`, { can_edit: true });
    await v1('PUT', `/users/${john}/groups/${group}`);
    expect(pick(await v1('GET', `/groups/${group}?full=true`), 'data', 'members')).toEqual([
      { id: jane, full_name: 'Jane van Doe', can_edit: true },
      { id: john, full_name: 'John Smith', can_edit: false },
    ]);
  });

  it('T063: a group of nobody has members [] with full=true', async () => {
    expect(pick(await v1('GET', `/groups/${await addGroup(v1)}?full=true`), 'data', 'members')).toEqual([]);
  });

  it.each(['', '?full=false'])('T065 T066 X17: "%s" shows num_members but no members', async (query) => {
    const group = await addGroup(v1);
    for (let i = 0; i < 3; i += 1) await v1('PUT', `/users/${await addUser(v1)}/groups/${group}`);
    const { body } = await v1('GET', `/groups/${group}${query}`);
    expect(body).toMatchObject({ data: { num_members: 3 } });
    expect(body).not.toHaveProperty('data.members');
  });

  it('T066: All Users counts and lists everybody, also beyond a page of 100', async () => {
    const client = await addClient(v1);
    const made = await Promise.all(Array.from({ length: 103 }, () => addUser(v1, {}, client)));
    const all = pick(await v1('GET', `/groups?client_id=${client}`), 'data', 'groups', 0, 'id');
    const answer = await v1('GET', `/groups/${String(all)}?full=true&client_id=${client}`);
    expect(pick(answer, 'data', 'num_members')).toBe(103);
    const members = pick(answer, 'data', 'members') as { id: string }[];
    expect(new Set(members.map(({ id }) => id))).toEqual(new Set(made));
  });

  it('T067: needs user.manage', async () => {
    const viewer = await addPerson(app, home.admin, ['user.view', 'group.view']);
    expectRefusal(await viewer.v1('GET', `/groups/${await addGroup(v1)}`), 401, 'access_denied');
  });

  it('T068: an unknown id is 404', async () => {
    expectRefusal(await v1('GET', '/groups/0987654321qwer'), 404, 'group_not_found');
  });
});

describe('X42: v1 and v2 show one group', () => {
  it('X42: a group made by v2 has members in v1, and none of its permissions show', async () => {
    const made = await home.admin.v2('POST', '/groups', { name: 'Both', permissions: ['accounts.read'] });
    const [group, user] = [String(pick(made, 'id')), await addUser(v1)];
    expect((await v1('PUT', `/users/${user}/groups/${group}`)).status).toBe(200);
    const facts = { id: group, company: home.name, name: 'Both', description: '', num_members: 1 };
    expect(pick(await v1('GET', `/groups/${group}`), 'data')).toEqual(facts);
  });

  it('X42: a group made by v1 is one of v2 without permissions, and gone there when it is gone here', async () => {
    const group = await addGroup(v1, { name: 'Plain' });
    const { body } = await home.admin.v2('GET', `/groups/${group}`);
    expect(body).toMatchObject({ id: group, name: 'Plain', permissions: [] });
    await v1('DELETE', `/groups/${group}`);
    expect((await home.admin.v2('GET', `/groups/${group}`)).status).toBe(404);
  });
});
