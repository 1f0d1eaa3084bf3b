import { beforeAll, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addGroup,
  addPerson,
  addUser,
  EDITOR,
  openCompany,
  startService,
  VIEW_ONLY,
} from '../../support/people.js';
import { ids, rowOf, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;

let jane: string;
let john: string;
let managers: string;
beforeAll(async () => {
  const facts = { first_name: 'Jane', email: 'Jane.Doe@Example.com', external_id: 'hr-17' };
  jane = await addUser(v1, { ...facts, last_name: 'Doe', roles: [EDITOR, VIEW_ONLY] });
  john = await addUser(v1, { first_name: 'John', last_name: 'Smith', email: 'john@example.com' });
  managers = await addGroup(v1, { name: 'Managers' });
  await v1('PUT', `/users/${jane}/groups/${managers}`);
});

const found = async (query: string) => ids(await v1('GET', `/users?${query}`), 'users');

describe('GET /users', () => {
  it('T180 T189 X35: rows are id, names, address and date_last_login, and nothing else', async () => {
    const answer = await v1('GET', '/users');
    expect(answer.status).toBe(200);
    const facts = { first_name: 'John', last_name: 'Smith', email: 'john@example.com' };
    expect(rowOf(answer, 'users', john)).toEqual({ id: john, ...facts, date_last_login: null });
  });

  it('T181: external_id is in a row only when there is one', async () => {
    const answer = await v1('GET', '/users');
    expect(rowOf(answer, 'users', jane)).toHaveProperty('external_id', 'hr-17');
    expect(rowOf(answer, 'users', john)).not.toHaveProperty('external_id');
  });

  it.each(['Jane.Doe@Example.com', 'jane.doe@example.com', 'JANE.DOE%40EXAMPLE.COM'])(
    'T182 X34: email=%s finds the user of that address',
    async (email) => {
      expect(await found(`email=${email}`)).toEqual([jane]);
    },
  );

  it('T182: the address is shown as it was sent', async () => {
    expect(rowOf(await v1('GET', '/users'), 'users', jane)).toHaveProperty('email', 'Jane.Doe@Example.com');
  });

  it('T183: external_id= finds the user of that id', async () => {
    expect(await found('external_id=hr-17')).toEqual([jane]);
  });

  it.each([
    'email=jane.doe@example.co',
    'email=jane',
    'email=',
    'email=%25',
    'external_id=hr-1',
    'external_id=HR-17',
    'external_id=',
    'external_id=%25',
  ])('T191 X34: %s matches nobody: 200 and []', async (query) => {
    expect((await v1('GET', `/users?${query}`)).body).toEqual({
      meta: { status: 200, success: true, count: 0, total: 0 },
      data: { users: [] },
    });
  });

  it('T190: filters combine with AND', async () => {
    expect(await found('email=jane.doe@example.com&external_id=hr-17')).toEqual([jane]);
    expect(await found('email=john@example.com&external_id=hr-17')).toEqual([]);
    expect(await found('email=jane.doe@example.com&external_id=hr-18')).toEqual([]);
  });

  it('T185 X18: full=true with external_id adds tab_instances and properties alone', async () => {
    const plain = rows(await v1('GET', '/users?external_id=hr-17'), 'users');
    const full = rows(await v1('GET', '/users?external_id=hr-17&full=true'), 'users');
    expect(plain).toHaveLength(1);
    expect(full).toEqual([{ ...plain[0], tab_instances: [], properties: {} }]);
  });

  it('T186 X19: full=true without external_id adds nothing and is no error', async () => {
    expect((await v1('GET', '/users?full=true')).body).toEqual((await v1('GET', '/users')).body);
    const byEmail = await v1('GET', '/users?full=true&email=john@example.com');
    expect(rows(byEmail, 'users')[0]).not.toHaveProperty('tab_instances');
  });

  it('T187 X20: include_roles=true adds role ids', async () => {
    const answer = await v1('GET', '/users?include_roles=true');
    expect(rowOf(answer, 'users', jane)).toHaveProperty('roles', [EDITOR, VIEW_ONLY]);
    expect(rowOf(answer, 'users', john)).toHaveProperty('roles', [VIEW_ONLY]);
    expect(rowOf(answer, 'users', john)).not.toHaveProperty('groups');
  });

  it('T188 X20: include_groups=true adds id and name of groups', async () => {
    const answer = await v1('GET', '/users?include_groups=true');
    const all: unknown = expect.objectContaining({ name: 'All Users' });
    expect(rowOf(answer, 'users', jane)).toHaveProperty('groups', [all, { id: managers, name: 'Managers' }]);
    expect(rowOf(answer, 'users', john)).toHaveProperty('groups', [all]);
    expect(rowOf(answer, 'users', john)).not.toHaveProperty('roles');
  });

  it.each(['', '?include_roles=false&include_groups=false'])('T189: "%s" shows neither', async (query) => {
    for (const row of rows(await v1('GET', `/users${query}`), 'users')) {
      expect(row).not.toHaveProperty('roles');
      expect(row).not.toHaveProperty('groups');
    }
  });

  it('T192 X22: needs no permission, associations included', async () => {
    const anybody = await addPerson(app, home.admin, []);
    const path = '/users?include_roles=true&include_groups=true';
    expect((await anybody.v1('GET', path)).body).toEqual((await v1('GET', path)).body);
  });

  it('T193: deleted users are not listed, nor found', async () => {
    const gone = await addUser(v1, { email: 'gone@example.com', external_id: 'gone' });
    const total = pick(await v1('GET', '/users'), 'meta', 'total');
    await v1('DELETE', `/users/${gone}`);
    const after = await v1('GET', '/users');
    expect(ids(after, 'users')).not.toContain(gone);
    expect(pick(after, 'meta', 'total')).toBe(Number(total) - 1);
    expect(await found('email=gone@example.com')).toEqual([]);
    expect(await found('external_id=gone')).toEqual([]);
  });

  it('T194 X41: limit and offset cut the list; count and total describe it', async () => {
    const everybody = ids(await v1('GET', '/users'), 'users');
    const page = await v1('GET', '/users?limit=2&offset=1');
    expect(ids(page, 'users')).toEqual(everybody.slice(1, 3));
    const meta = { status: 200, success: true, count: 2, total: everybody.length };
    expect(pick(page, 'meta')).toEqual(meta);
    const beyond = await v1('GET', '/users?limit=2&offset=1000');
    expect(pick(beyond, 'meta')).toEqual({ ...meta, count: 0 });
    expect(rows(beyond, 'users')).toEqual([]);
  });

  it('T194: a filtered list is cut, too', async () => {
    const page = await v1('GET', '/users?external_id=hr-17&offset=1');
    expect(pick(page, 'meta')).toMatchObject({ count: 0, total: 1 });
  });
});
