import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addRole,
  addUser,
  ADMIN,
  openCompany,
  startService,
} from '../../support/people.js';
import { expectRefusal, ids } from './expectations.js';

const app = await startService();
const { admin } = await openCompany(app);
const { v1 } = admin;

const MANY = 103;
const user = await addUser(v1, { roles: [ADMIN] });
for (let i = 0; i < MANY; i += 1) {
  await addUser(v1, { roles: [ADMIN] });
  await addRole(v1);
  await addClient(v1);
  await v1('PUT', `/users/${user}/groups/${await addGroup(v1)}`);
}

await v1('PUT', `/users/${user}/tab-instances`, {
  tab_ids: Array.from({ length: MANY }, (_, i) => `tab-${i}`),
});

const lists = [
  ['users', '/users'],
  ['groups', '/groups'],
  ['roles', '/roles'],
  ['clients', '/clients'],
  ['groups', `/users/${user}/groups`],
  ['users', `/roles/${ADMIN}/users`],
  ['tab_instances', `/users/${user}/tab-instances`],
] as const;

describe.each(lists)('The list of %s at %s', (name, path) => {
  const list = (query: string) => v1('GET', `${path}?${query}`);

  it('X41: shows 100 rows without limit, and how many there are', async () => {
    const answer = await v1('GET', path);
    expect(ids(answer, name)).toHaveLength(100);
    expect(pick(answer, 'meta', 'count')).toBe(100);
    expect(pick(answer, 'meta', 'total')).toBeGreaterThanOrEqual(MANY);
  });

  it.each(['101', '1000', '0100', '99999999999999999999'])('X67: limit=%s is 100', async (limit) => {
    expect((await list(`limit=${limit}`)).text).toBe((await list('limit=100')).text);
  });

  it('T055 T194: pages are disjoint, in a stable order, and together the whole', async () => {
    const all = [...ids(await list('offset=0'), name), ...ids(await list('offset=100'), name)];
    expect(new Set(all).size).toBe(pick(await list(''), 'meta', 'total'));
    const pages = [
      await list('limit=50'),
      await list('limit=50&offset=50'),
      await list('limit=50&offset=100'),
    ];
    expect(pages.flatMap((page) => ids(page, name))).toEqual(all);
  });

  it.each(['0', '-1', '1.5', '1e2', 'ten', '', '%20', '0x10', '+5', '%D9%A3', 'NaN', 'Infinity'])(
    'X67: limit=%s is 400',
    async (limit) => {
      expectRefusal(await list(`limit=${limit}`), 400, 'bad_request');
    },
  );

  it.each(['-1', '1.5', '1e2', 'ten', '', '%20', '-0', 'NaN'])('X67: offset=%s is 400', async (offset) => {
    expectRefusal(await list(`offset=${offset}`), 400, 'bad_request');
  });

  it.each(['limit=1&limit=1', 'offset=1&offset=1'])('X67: %s is 400', async (query) => {
    expectRefusal(await list(query), 400, 'bad_request');
  });

  it.each(['1000', '999999999999999', '99999999999999999999', '9'.repeat(400)])(
    'X41: offset=%s is beyond the end: no rows, the total',
    async (offset) => {
      const answer = await list(`offset=${offset}`);
      const { total } = pick(await list(''), 'meta') as { total: number };
      expect(answer.body).toEqual({
        meta: { status: 200, success: true, count: 0, total },
        data: { [name]: [] },
      });
    },
  );
});
