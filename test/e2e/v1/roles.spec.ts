import { describe, expect, it } from '@jest/globals';
import { permissionCatalogue } from '../../../src/domain/permissions.js';
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
import { expectNothingRecorded, expectRefusal, ids, rowOf, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;

const builtIn = [
  [ADMIN, 'Admin'],
  [EDITOR, 'Editor'],
  [VIEW_ONLY, 'View-Only'],
] as const;
const facts = { name: 'User Admin', description: 'Manages users', permissions: ['user.manage', 'user.view'] };
const detail = async (role: string, query = '') => pick(await v1('GET', `/roles/${role}${query}`), 'data');

describe('GET /roles', () => {
  it('T400: rows are id, name and description, and nothing else', async () => {
    const id = idOf(await v1('POST', '/roles', facts));
    const answer = await v1('GET', '/roles');
    expect(answer.status).toBe(200);
    expect(rowOf(answer, 'roles', id)).toEqual({ id, name: facts.name, description: facts.description });
  });

  it('T400 T401: the built-in ones are in every account, under the same ids', async () => {
    const other = await openCompany(app);
    const client = await addClient(v1);
    for (const answer of [
      await other.admin.v1('GET', '/roles'),
      await v1('GET', `/roles${within(client)}`),
    ]) {
      expect(rows(answer, 'roles').map(({ id, name }) => [id, name])).toEqual(builtIn);
      expect(pick(answer, 'meta')).toMatchObject({ count: 3, total: 3 });
    }
  });

  it('T400: custom ones are those of the account in scope', async () => {
    const client = await addClient(v1);
    const [ours, theirs] = [await addRole(v1), await addRole(v1, [], client)];
    expect(ids(await v1('GET', '/roles'), 'roles')).toContain(ours);
    expect(ids(await v1('GET', '/roles'), 'roles')).not.toContain(theirs);
    expect(ids(await v1('GET', `/roles${within(client)}`), 'roles')).toEqual([
      ADMIN,
      EDITOR,
      VIEW_ONLY,
      theirs,
    ]);
  });

  it('T400 X41: has limit and offset, count and total', async () => {
    const page = await v1('GET', '/roles?limit=1&offset=2');
    expect(ids(page, 'roles')).toEqual([VIEW_ONLY]);
    const total = rows(await v1('GET', '/roles'), 'roles').length;
    expect(pick(page, 'meta')).toEqual({ status: 200, success: true, count: 1, total });
  });
});

describe('GET /roles/{id}', () => {
  it('T400: data is the role itself', async () => {
    const id = idOf(await v1('POST', '/roles', facts));
    const { name, description } = facts;
    expect((await v1('GET', `/roles/${id}`)).body).toEqual({
      meta: { status: 200, success: true },
      data: { id, company: home.name, name, description },
    });
    expect(await detail(id, '?full=false')).toEqual(await detail(id));
  });

  it('T400: full=true adds users, num_users and permissions', async () => {
    const role = idOf(await v1('POST', '/roles', facts));
    const names = { first_name: 'John', last_name: 'Smith', email: 'john.smith@example.com' };
    const user = await addUser(v1, { ...names, roles: [role] });
    expect(await detail(role, '?full=true')).toEqual({
      ...((await detail(role)) as object),
      ...{ users: [{ id: user, ...names }], num_users: 1, permissions: facts.permissions },
    });
  });

  it.each(builtIn)('T401: the built-in role %s (%s) has the company N/A', async (id, name) => {
    expect(await detail(id)).toMatchObject({ id, company: 'N/A', name });
  });

  it('T401: Admin holds *, Editor and View-Only nothing that manages', async () => {
    expect(await detail(ADMIN, '?full=true')).toHaveProperty('permissions', ['*']);
    const forAdmins = permissionCatalogue.filter((name) => /^(user|group|admin|client)\./.test(name));
    for (const role of [EDITOR, VIEW_ONLY]) {
      const { permissions } = (await detail(role, '?full=true')) as { permissions: string[] };
      expect(permissions.length).toBeGreaterThan(0);
      expect(permissionCatalogue).toEqual(expect.arrayContaining(permissions));
      expect(permissions.filter((name) => (forAdmins as string[]).includes(name))).toEqual([]);
    }
  });

  it('T400: needs user.manage, an unknown id is 404', async () => {
    const viewer = await addPerson(app, home.admin, ['user.view']);
    expectRefusal(await viewer.v1('GET', `/roles/${EDITOR}`), 401, 'access_denied');
    expectRefusal(await v1('GET', '/roles/unknown'), 404, 'role_not_found');
  });
});

describe('POST /roles', () => {
  it('T400: answers only where the new role is, and it is there at once', async () => {
    const answer = await v1('POST', '/roles', facts);
    expect(answer.status).toBe(201);
    const location = `/roles/${idOf(answer)}`;
    expect(answer.body).toEqual({ meta: { status: 201, success: true, location } });
    expect(await detail(idOf(answer), '?full=true')).toMatchObject({ ...facts, users: [], num_users: 0 });
  });

  it('T400: description and permissions may be left out', async () => {
    for (const body of [{ name: 'Plain' }, { name: 'Plain', description: null, permissions: null }]) {
      const role = idOf(await v1('POST', '/roles', body));
      expect(await detail(role, '?full=true')).toMatchObject({
        name: 'Plain',
        description: '',
        permissions: [],
      });
    }
  });

  it('T400 X44 X45: permissions are any names, kept as they were sent', async () => {
    const permissions = ['zebra.ride', 'Zebra.ride', 'accounts.read', 'überall', '**'];
    const role = await addRole(v1, permissions);
    expect(await detail(role, '?full=true')).toHaveProperty('permissions', permissions);
  });

  it('T400: gives its holders what it holds, its name gives nothing', async () => {
    const [role, named] = [
      await addRole(v1, ['user.manage']),
      await v1('POST', '/roles', { name: 'user.manage' }),
    ];
    const holders = [await addUser(v1, { roles: [role] }), await addUser(v1, { roles: [idOf(named)] })];
    const [may, mayNot] = await Promise.all(holders.map((id) => giveKey(app, home.admin, id)));
    expect((await may?.v1('GET', '/roles'))?.status).toBe(200);
    expect((await mayNot?.v1('GET', '/roles'))?.status).toBe(401);
  });

  it.each([{}, { name: ' ' }, { name: 'R', permissions: ['a', 'a'] }, { name: 'R', permissions: 'a' }])(
    'T400: %j is 400 and makes no role',
    async (body) => {
      const answer = await expectNothingRecorded(v1, () => v1('POST', '/roles', body));
      expectRefusal(answer, 400, 'bad_request');
    },
  );

  it('T400: needs user.manage', async () => {
    const viewer = await addPerson(app, home.admin, ['user.view']);
    expectRefusal(await viewer.v1('POST', '/roles', { name: 'R' }), 401, 'access_denied');
  });
});
