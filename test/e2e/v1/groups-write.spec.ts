import { describe, expect, it } from '@jest/globals';
import { idOf, pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  openCompany,
  revision,
  startService,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids, rows } from './expectations.js';

const app = await startService();
const { admin } = await openCompany(app);
const { v1 } = admin;
const visitor = await addPerson(app, admin, ['user.view', 'group.view']);
const allUsers = String(rows(await v1('GET', '/groups'), 'groups')[0]?.['id']);

async function detail(group: string): Promise<unknown> {
  return pick(await v1('GET', `/groups/${group}`), 'data');
}

describe('POST /groups', () => {
  it('T070 T071 T075 X7: answers only where the new group is, and it is there at once', async () => {
    const created = await v1('POST', '/groups', { name: 'New Group', description: 'A brand new group' });
    expect(created.status).toBe(201);
    const id = idOf(created);
    expect(created.body).toEqual({ meta: { status: 201, success: true, location: `/groups/${id}` } });
    expect(await detail(id)).toMatchObject({ id, name: 'New Group', description: 'A brand new group' });
    expect(await detail(id)).toMatchObject({ num_members: 0 });
    expect(ids(await v1('GET', '/groups'), 'groups')).toContain(id);
  });

  it('X25: ids are 32 lower-case hexadecimal digits', async () => {
    expect(await addGroup(v1)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('T072: needs user.manage', async () => {
    const answer = await expectNothingRecorded(v1, () => visitor.v1('POST', '/groups', { name: 'G' }));
    expectRefusal(answer, 401, 'access_denied');
  });

  it.each([{}, { name: '' }, { name: ' \t ' }, { name: null }])('T073: %j is 400, no group', async (body) => {
    const answer = await expectNothingRecorded(v1, () => v1('POST', '/groups', body));
    expectRefusal(answer, 400, 'bad_request');
  });

  it('T074: without description it is empty', async () => {
    expect(await detail(await addGroup(v1))).toMatchObject({ description: '' });
  });

  it('T076: two groups may have the same name', async () => {
    const [one, other] = [await addGroup(v1, { name: 'Same' }), await addGroup(v1, { name: 'Same' })];
    expect(one).not.toBe(other);
    expect(ids(await v1('GET', '/groups'), 'groups')).toEqual(expect.arrayContaining([one, other]));
  });

  it.each([
    ['T077 X16: external_id is kept', 'group_api', { external_id: 'group_api' }],
    ['T077: an empty external_id is none', '', {}],
    ['T077: external_id null is none', null, {}],
  ])('%s', async (_, external_id, shown) => {
    const { name, ...rest } = (await detail(await addGroup(v1, { external_id }))) as Record<string, unknown>;
    expect(name).toMatch(/^Group/);
    expect('external_id' in rest ? { external_id: rest['external_id'] } : {}).toEqual(shown);
  });

  it('X70: an external_id is used once in an account, but again in another', async () => {
    await addGroup(v1, { external_id: 'X70' });
    const again = { name: 'Again', external_id: 'X70' };
    const answer = await expectNothingRecorded(v1, () => v1('POST', '/groups', again));
    expectRefusal(answer, 409, 'external_id_in_use');
    const elsewhere = { ...again, client_id: await addClient(v1) };
    expect((await v1('POST', '/groups', elsewhere)).status).toBe(201);
  });
});

describe('PUT /groups/{id}', () => {
  const facts = { name: 'Before', description: 'As it was' };

  it.each([
    ['T080', { description: 'Updated Description' }],
    ['T081', { name: 'After' }],
    ['T081 X16', { external_id: 'T081' }],
    ['T080 T081', { name: 'Both', description: '' }],
  ])('%s T082 X7: %j changes only what it says', async (_, body) => {
    const id = await addGroup(v1, facts);
    const before = await detail(id);
    const answer = await v1('PUT', `/groups/${id}`, body);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await detail(id)).toEqual({ ...(before as object), ...body });
  });

  it.each([null, ''])('X16 X36: external_id %j clears it', async (external_id) => {
    const id = await addGroup(v1, { external_id: 'X36-group' });
    expect((await v1('PUT', `/groups/${id}`, { external_id })).status).toBe(200);
    expect(await detail(id)).not.toHaveProperty('external_id');
    expect((await v1('PUT', `/groups/${id}`, { external_id: 'X36-group' })).status).toBe(200);
    await v1('DELETE', `/groups/${id}`);
  });

  it('X70: an external_id of another group is 409, its own is not', async () => {
    const id = await addGroup(v1, { external_id: 'X70-own' });
    await addGroup(v1, { external_id: 'X70-other' });
    expect((await v1('PUT', `/groups/${id}`, { external_id: 'X70-own' })).status).toBe(200);
    const body = { name: 'Not this one', external_id: 'X70-other' };
    const answer = await expectNothingRecorded(v1, () => v1('PUT', `/groups/${id}`, body));
    expectRefusal(answer, 409, 'external_id_in_use');
  });

  it.each([{}, { colour: 'red', id: 'x', num_members: 7, permissions: ['a'] }, facts])(
    'X38 X37: %j changes nothing and records nothing',
    async (body) => {
      const id = await addGroup(v1, facts);
      const before = await detail(id);
      const answer = await expectNothingRecorded(v1, () => v1('PUT', `/groups/${id}`, body));
      expect(answer.body).toEqual(done);
      expect(await detail(id)).toEqual(before);
    },
  );

  it('T083: needs user.manage', async () => {
    const id = await addGroup(v1);
    const answer = await expectNothingRecorded(v1, () => visitor.v1('PUT', `/groups/${id}`, facts));
    expectRefusal(answer, 401, 'access_denied');
  });

  it('T084: an unknown id is 404', async () => {
    expectRefusal(await v1('PUT', '/groups/012345678998745641asfd', facts), 404, 'group_not_found');
  });

  it.each(['', '  ', null])('T085: name %j is 400', async (name) => {
    const id = await addGroup(v1);
    const body = { name, description: 'not kept' };
    const answer = await expectNothingRecorded(v1, () => v1('PUT', `/groups/${id}`, body));
    expectRefusal(answer, 400, 'bad_request');
  });

  it.each([{ name: 'Some Users' }, {}])('T086 X30: All Users is built in: %j is 403', async (body) => {
    const answer = await expectNothingRecorded(v1, () => v1('PUT', `/groups/${allUsers}`, body));
    expectRefusal(answer, 403, 'built_in_group');
  });
});

describe('DELETE /groups/{id}', () => {
  it('T090 T092 X7: it is gone, and a second time 404', async () => {
    const id = await addGroup(v1);
    const answer = await v1('DELETE', `/groups/${id}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expectRefusal(await v1('GET', `/groups/${id}`), 404, 'group_not_found');
    expect(ids(await v1('GET', '/groups'), 'groups')).not.toContain(id);
    expectRefusal(
      await expectNothingRecorded(v1, () => v1('DELETE', `/groups/${id}`)),
      404,
      'group_not_found',
    );
    expectRefusal(await v1('PUT', `/groups/${id}`, { name: 'Back' }), 404, 'group_not_found');
  });

  it('T091: needs user.manage', async () => {
    const id = await addGroup(v1);
    expectRefusal(await visitor.v1('DELETE', `/groups/${id}`), 401, 'access_denied');
    expect(await detail(id)).toMatchObject({ id });
  });

  it('T092: an unknown id is 404', async () => {
    expectRefusal(await v1('DELETE', '/groups/0987654321qwer'), 404, 'group_not_found');
  });

  it('T093 X30: its members stay users and no longer list it', async () => {
    const [group, user] = [await addGroup(v1), await addUser(v1)];
    await v1('PUT', `/users/${user}/groups/${group}`);
    expect(ids(await v1('GET', `/users/${user}/groups`), 'groups')).toEqual([allUsers, group]);
    const before = await revision(v1);
    expect((await v1('DELETE', `/groups/${group}`)).status).toBe(200);
    expect(await revision(v1)).not.toBe(before);
    expect((await v1('GET', `/users/${user}`)).status).toBe(200);
    expect(ids(await v1('GET', `/users/${user}/groups`), 'groups')).toEqual([allUsers]);
  });

  it('T090: its external_id is free again', async () => {
    await v1('DELETE', `/groups/${await addGroup(v1, { external_id: 'T090' })}`);
    expect(ids(await v1('GET', '/groups?external_id=T090'), 'groups')).toEqual([]);
    expect((await v1('POST', '/groups', { name: 'Next', external_id: 'T090' })).status).toBe(201);
  });

  it('T094 X30: All Users is built in: 403', async () => {
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', `/groups/${allUsers}`));
    expectRefusal(answer, 403, 'built_in_group');
  });
});
