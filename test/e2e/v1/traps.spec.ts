import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addUser,
  openCompany,
  startService,
  userFacts,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { done, doneWithData, ids, rows } from './expectations.js';
import { freshIds, routes, send } from './routes.js';

/** What clients that exist already rely on: section 1.3 of the contract. */
const app = await startService();
const { admin } = await openCompany(app);
const { v1 } = admin;

describe('Existing clients', () => {
  it.each(['/users', '/groups', '/roles', '/clients'])(
    'trap 1: location of POST %s splits into the id',
    async (path) => {
      const answer = await v1('POST', path, { ...userFacts(), name: 'New' });
      const parts = String(pick(answer, 'meta', 'location')).split('/');
      expect(parts).toEqual(['', path.slice(1), expect.stringMatching(/^[0-9a-f]{32}$/)]);
      expect((await v1('GET', `${path}/${String(parts[2])}`)).status).toBe(200);
    },
  );

  it.each(routes)('traps 2, 3 and 4: $method $path succeeds without error keys, non-empty', async (route) => {
    const answer = await send(v1, route, await freshIds(v1, route));
    expect(answer.text).not.toMatch(/error_code|error_desc/);
    expect(Object.keys(answer.body as object)).toContain('meta');
    expect(pick(answer, 'meta', 'status')).toBe(answer.status);
  });

  it('traps 2, 3 and 4: a refusal has the keys, and the status of the answer', async () => {
    const answer = await v1('GET', '/users/unknown');
    const keys = { error_code: 'user_not_found', error_desc: expect.any(String) as unknown };
    expect(answer.body).toEqual({ meta: { status: answer.status, success: false, ...keys } });
  });

  it('trap 5: PUT /users/{u}/groups/{g} with the body []', async () => {
    const [user, group] = [await addUser(v1), await addGroup(v1)];
    expect((await v1('PUT', `/users/${user}/groups/${group}`, [])).body).toEqual(done);
    expect(ids(await v1('GET', `/users/${user}/groups`), 'groups')).toContain(group);
  });

  it('trap 6: include_roles and include_groups as strings: every row carries both', async () => {
    const user = await addUser(v1);
    const answer = await v1('GET', '/users?include_roles=true&include_groups=true');
    for (const row of rows(answer, 'users'))
      expect(row).toMatchObject({
        roles: expect.any(Array) as unknown,
        groups: expect.any(Array) as unknown,
      });
    expect(rows(answer, 'users').find(({ id }) => id === user)).toHaveProperty('roles', [VIEW_ONLY]);
  });

  it.each(['users', 'groups'])(
    'trap 7: %s are walked with limit and offset up to meta.total',
    async (name) => {
      const client = await addClient(v1);
      const add = name === 'users' ? addUser : addGroup;
      const made = await Promise.all(Array.from({ length: 7 }, () => add(v1, {}, client)));
      const walked: unknown[] = [];
      let total = Infinity;
      for (let offset = 0; offset < total; offset += 3) {
        const page = await v1('GET', `/${name}?limit=3&offset=${offset}&client_id=${client}`);
        total = Number(pick(page, 'meta', 'total'));
        expect(pick(page, 'meta', 'count')).toBe(ids(page, name).length);
        walked.push(...ids(page, name));
      }
      expect(walked).toHaveLength(total);
      expect(new Set(walked).size).toBe(total);
      expect(walked).toEqual(expect.arrayContaining(made));
    },
  );

  it('trap 8: POST /users with all its keys, send_email in the query', async () => {
    const client = await addClient(v1);
    const facts = { first_name: 'Jane', last_name: 'Doe', email: 'trap8@example.com', external_id: 'trap-8' };
    const body = { ...facts, roles: [VIEW_ONLY], password: 'tempPassword', client_id: client };
    const answer = await v1('POST', '/users?send_email=true', body);
    expect(answer.status).toBe(201);
    const [row] = rows(await v1('GET', `/users${within(client)}`), 'users');
    expect(row).toMatchObject(facts);
  });

  it('trap 9: client_id in the query of PUT and DELETE /users/{id}, GET, PUT and DELETE /groups/{id}', async () => {
    const client = await addClient(v1);
    const user = `/users/${await addUser(v1, {}, client)}${within(client)}`;
    const group = `/groups/${await addGroup(v1, {}, client)}${within(client)}`;
    expect((await v1('PUT', user, { first_name: 'Janet' })).body).toEqual(doneWithData);
    expect(pick(await v1('GET', user), 'data', 'first_name')).toBe('Janet');
    expect((await v1('DELETE', user)).body).toEqual(doneWithData);
    expect((await v1('PUT', group, { name: 'Renamed' })).body).toEqual(done);
    expect(pick(await v1('GET', group), 'data', 'name')).toBe('Renamed');
    expect((await v1('DELETE', group)).body).toEqual(done);
  });

  it('trap 10: a user that was read may be sent back whole', async () => {
    const user = await addUser(v1);
    const { body } = await v1('GET', `/users/${user}?full=true`);
    const read = pick(await v1('GET', `/users/${user}?full=true`), 'data') as object;
    expect((await v1('PUT', `/users/${user}`, { ...read, last_name: 'Dow' })).status).toBe(200);
    const after = (await v1('GET', `/users/${user}?full=true`)).body;
    expect(after).toEqual({ ...(body as object), data: { ...read, last_name: 'Dow' } });
  });
});
