import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
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
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;
const manager = await addPerson(app, home.admin, ['user.manage', 'klip.edit']);
const visitor = await addPerson(app, home.admin, ['user.view']);

const path = (role: string) => `/roles/${role}/permissions`;
const permissionsOf = async (role: string) => pick(await v1('GET', path(role)), 'data', 'permissions');

describe('GET /roles/{id}/permissions', () => {
  it('T402: data.permissions is the list of names, in the order they were sent', async () => {
    const role = await addRole(v1, ['zebra.ride', 'a', 'Zebra.ride']);
    const answer = await v1('GET', path(role));
    expect(answer.body).toEqual({ ...done, data: { permissions: ['zebra.ride', 'a', 'Zebra.ride'] } });
    expect(await permissionsOf(await addRole(v1))).toEqual([]);
  });

  it('T402: all of them, however many there are', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `permission.${n}`);
    expect(await permissionsOf(await addRole(v1, names))).toEqual(names);
  });

  it('T401 T402: built-in roles have theirs, Admin the one permission *', async () => {
    expect(await permissionsOf(ADMIN)).toEqual(['*']);
    expect(await permissionsOf(EDITOR)).toContain('klip.edit');
  });

  it('T402: needs user.manage, an unknown id is 404', async () => {
    expectRefusal(await visitor.v1('GET', path(EDITOR)), 401, 'access_denied');
    expectRefusal(await v1('GET', path('unknown')), 404, 'role_not_found');
  });
});

describe('PUT /roles/{id}/permissions', () => {
  it('T400 T402: replaces the whole set', async () => {
    const role = await addRole(v1, ['a', 'b']);
    const answer = await v1('PUT', path(role), { permissions: ['c', 'a'] });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await permissionsOf(role)).toEqual(['c', 'a']);
    await v1('PUT', path(role), { permissions: [] });
    expect(await permissionsOf(role)).toEqual([]);
  });

  it('T402: the same set again records nothing', async () => {
    const role = await addRole(v1, ['a', 'b']);
    const put = () => v1('PUT', path(role), { permissions: ['a', 'b'] });
    expect((await expectNothingRecorded(v1, put)).body).toEqual(done);
  });

  it('T402: works inside a client', async () => {
    const client = await addClient(v1);
    const role = await addRole(v1, [], client);
    await v1('PUT', path(role) + within(client), { permissions: ['a'] });
    expect(pick(await v1('GET', path(role) + within(client)), 'data', 'permissions')).toEqual(['a']);
  });

  it('X56 X78: what is newly given must be held by the caller', async () => {
    const role = await addRole(v1, ['tab.edit']);
    await addUser(v1, { roles: [role] });
    const put = (...permissions: string[]) => manager.v1('PUT', path(role), { permissions });
    expectRefusal(await expectNothingRecorded(v1, () => put('tab.edit', 'a')), 403, 'permission_escalation');
    expect((await put('tab.edit', 'klip.edit')).body).toEqual(done);
    expect((await put()).body).toEqual(done);
    expectRefusal(await expectNothingRecorded(v1, () => put('tab.edit')), 403, 'permission_escalation');
  });

  it.each([undefined, {}, [], { permissions: null }, { permissions: 'a' }, { permissions: ['a', 'a'] }])(
    'T402: %j is 400',
    async (body) => {
      const role = await addRole(v1, ['a']);
      const answer = await expectNothingRecorded(v1, () => v1('PUT', path(role), body));
      expectRefusal(answer, 400, 'bad_request');
    },
  );

  it('T401: a built-in role is 403, whatever is sent', async () => {
    for (const permissions of [[], ['*'], ['a']]) {
      const put = () => v1('PUT', path(ADMIN), { permissions });
      expectRefusal(await expectNothingRecorded(v1, put), 403, 'built_in_role');
    }
  });

  it('T402: needs user.manage, an unknown id is 404', async () => {
    const body = { permissions: [] };
    expectRefusal(await visitor.v1('PUT', path(await addRole(v1)), body), 401, 'access_denied');
    expectRefusal(await v1('PUT', path('unknown'), body), 404, 'role_not_found');
  });
});

describe('DELETE /roles/{id}/permissions', () => {
  it.each<[string, string, object | undefined]>([
    ['the body', '', { permissions: ['a', 'c'] }],
    ['the query', '?name=a&name=c', undefined],
    ['both', '?name=c', { permissions: ['a'] }],
    ['both, twice', '?name=a&name=c&name=c', { permissions: ['a', 'c'] }],
  ])('T402: removes those that are named in %s, and no others', async (_, query, body) => {
    const role = await addRole(v1, ['a', 'b', 'c', 'C']);
    const answer = await v1('DELETE', path(role) + query, body);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: done });
    expect(await permissionsOf(role)).toEqual(['b', 'C']);
  });

  it('T402: what the role does not have is passed over, and alone it records nothing', async () => {
    const role = await addRole(v1, ['a', 'b']);
    expect((await v1('DELETE', path(role), { permissions: ['a', 'x'] })).body).toEqual(done);
    const again = () => v1('DELETE', `${path(role)}?name=a`);
    expect((await expectNothingRecorded(v1, again)).body).toEqual(done);
    expect(await permissionsOf(role)).toEqual(['b']);
  });

  it('T402: removals at the same time lose none', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `p${n}`);
    const role = await addRole(v1, ['kept', ...names]);
    await Promise.all(names.map((name) => v1('DELETE', `${path(role)}?name=${name}`)));
    expect(await permissionsOf(role)).toEqual(['kept']);
  });

  it('T402: its holders lose it at once', async () => {
    const role = await addRole(v1, ['user.manage']);
    const holder = await giveKey(app, home.admin, await addUser(v1, { roles: [role] }));
    await v1('DELETE', `${path(role)}?name=user.manage`);
    expectRefusal(await holder.v1('GET', '/roles'), 401, 'access_denied');
  });

  it('X78: taking is no grant', async () => {
    const role = await addRole(v1, ['tab.edit']);
    expect((await manager.v1('DELETE', `${path(role)}?name=tab.edit`)).body).toEqual(done);
  });

  it.each<[string, unknown]>([
    ['', undefined],
    ['', {}],
    ['', []],
    ['', { permissions: [] }],
    ['', { permissions: null }],
    ['', { permissions: 'a' }],
    ['', { name: 'a' }],
    ['?name=', undefined],
    ['?name=a&name=', undefined],
    ['?name=a%07', undefined],
    ['?name=', { permissions: ['a'] }],
  ])('T402: without good names it is 400: %s %j', async (query, body) => {
    const role = await addRole(v1, ['a']);
    const answer = await expectNothingRecorded(v1, () => v1('DELETE', path(role) + query, body));
    expectRefusal(answer, 400, 'bad_request');
  });

  it('T401: a built-in role is 403, also for what it does not have', async () => {
    for (const name of ['klip.edit', 'zebra.ride']) {
      const remove = () => v1('DELETE', `${path(EDITOR)}?name=${name}`);
      expectRefusal(await expectNothingRecorded(v1, remove), 403, 'built_in_role');
    }
  });

  it('T402: needs user.manage, an unknown id is 404', async () => {
    const role = await addRole(v1, ['a']);
    const remove = () => visitor.v1('DELETE', `${path(role)}?name=a`);
    expectRefusal(await expectNothingRecorded(v1, remove), 401, 'access_denied');
    expectRefusal(await v1('DELETE', `${path('unknown')}?name=a`), 404, 'role_not_found');
  });
});
