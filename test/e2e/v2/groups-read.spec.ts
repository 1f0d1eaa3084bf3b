import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { adminKey, type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem } from './company.js';

let app: RunningApp;
let company: Company;
let created: string[];

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
  created = [];
  for (let n = 0; n < 5; n += 1) created.push(await company.group([`area${n}.read`]));
});

afterAll(() => app.stop());

const idsOf = ({ body }: Answer) => (body as { id: string }[]).map(({ id }) => id);

test('T300 a call without a credential is 401 and says how to authenticate', async () => {
  for (const [method, path] of [
    ['GET', '/groups'],
    ['POST', '/groups'],
    ['GET', `/groups/${created[0] ?? ''}`],
    ['PUT', `/groups/${created[0] ?? ''}`],
    ['PATCH', `/groups/${created[0] ?? ''}`],
    ['DELETE', `/groups/${created[0] ?? ''}`],
  ] as const) {
    const answer = await app.request(method, `/api/v2${path}`);
    expectProblem(answer, 401, 'auth_not_provided');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  }
});

test.each([
  ['an unknown token', 'Bearer mk_0123_unknown'],
  ['no token', 'Bearer'],
  ['two tokens', `Bearer ${adminKey} ${adminKey}`],
  ['the token without its scheme', adminKey],
  ['Basic with a right password', `Basic ${btoa('admin@example.com:admin-password')}`],
])('T300 %s in Authorization is 401', async (_, authorization) => {
  const answer = await app.request('GET', '/api/v2/groups', { headers: { authorization } });
  expectProblem(answer, 401, 'auth_fail');
});

test('T300 the header of v1 does not authenticate on v2', async () => {
  const answer = await app.request('GET', '/api/v2/groups', { headers: { 'kf-api-key': adminKey } });
  expectProblem(answer, 401, 'auth_not_provided');
});

test('T300 the scheme is Bearer in any letter case', async () => {
  const answer = await app.request('GET', '/api/v2/groups', {
    headers: { authorization: `bEARER ${adminKey}` },
  });
  expect(answer.status).toBe(200);
});

test('T301 X48 the list is a bare array of groups, the built-in one among them', async () => {
  const answer = await company.call('GET', '/groups');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.body).toHaveLength(6);
  expect(pick(answer, 0)).toMatchObject({ name: 'All Users', permissions: [], built_in: true });
  expect(pick(answer, 1)).toEqual({
    ...{ id: created[0], name: 'Group', description: '', external_id: null },
    ...{ permissions: ['area0.read'], built_in: false, num_members: 0 },
  });
});

test('T302 X48 limit and offset page the list in a stable order, X-Total-Count counts all of it', async () => {
  const all = idsOf(await company.call('GET', '/groups'));
  expect(all.slice(1)).toEqual(created);
  const pages = await Promise.all(
    [0, 2, 4, 6].map((offset) => company.call('GET', `/groups?limit=2&offset=${offset}`)),
  );
  expect(pages.map(({ body }) => (body as unknown[]).length)).toEqual([2, 2, 2, 0]);
  expect(pages.flatMap(idsOf)).toEqual(all);
  expect(pages.map(({ headers }) => headers.get('x-total-count'))).toEqual(['6', '6', '6', '6']);
});

test('T302 X48 without a limit there are at most 100 rows, and X67 a higher limit is 100', async () => {
  const other = await Company.open(app);
  for (let n = 0; n < 100; n += 1) await other.group();
  for (const query of ['', '?limit=101', '?limit=99999999999999999999']) {
    const answer = await other.call('GET', `/groups${query}`);
    expect(answer.body).toHaveLength(100);
    expect(answer.headers.get('x-total-count')).toBe('101');
  }
});

test.each([
  'limit=0',
  'limit=-1',
  'limit=1.5',
  'limit=ten',
  'limit=',
  'limit=1&limit=2',
  'offset=-1',
  'offset=1e3',
])('X67 %s is 400', async (query) => {
  expectProblem(await company.call('GET', `/groups?${query}`), 400, 'bad_request');
  expectProblem(await company.call('GET', `/groups/${created[0] ?? ''}/users?${query}`), 400, 'bad_request');
});

test('T303 one group is answered as the bare object of the list', async () => {
  const answer = await company.call('GET', `/groups/${created[2] ?? ''}`);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(pick(await company.call('GET', '/groups'), 3));
});

test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('T304 %s of an unknown groupId is 404', async (method) => {
  const body = method.startsWith('P') ? { name: 'New' } : undefined;
  const answer = await company.call(method, '/groups/00000000000000000000000000000000', body);
  expectProblem(answer, 404, 'group_not_found');
});
