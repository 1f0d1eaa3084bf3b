import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

/** Creates a group and gives its permissions as they are read back. */
async function permissionsKept(permissions: readonly string[]): Promise<unknown> {
  const created = await company.call('POST', '/groups', { name: 'Group', permissions });
  expect(created.status).toBe(201);
  const read = await company.call('GET', `/groups/${String(pick(created, 'id'))}`);
  expect(read.body).toEqual(created.body);
  return pick(read, 'permissions');
}

test('T311 X47 POST answers 201 with the created object and its id', async () => {
  const body = { name: 'Administrators', permissions: ['accounts.create', 'accounts.read'] };
  const answer = await company.call('POST', '/groups', body);
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    ...{ ...body, description: '', external_id: null, built_in: false, num_members: 0 },
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect((await company.call('GET', `/groups/${String(pick(answer, 'id'))}`)).body).toEqual(answer.body);
});

test('T311 description and external_id can be given as well, null and an empty external_id mean none', async () => {
  const facts = { name: 'With more', permissions: [], description: 'Two\nlines', external_id: 'idp-1' };
  expect((await company.call('POST', '/groups', facts)).body).toMatchObject(facts);
  for (const none of [null, '']) {
    const body = { name: 'Without', permissions: [], description: null, external_id: none };
    const answer = await company.call('POST', '/groups', body);
    expect(answer.body).toMatchObject({ description: '', external_id: null });
  }
});

test('X70 an external_id that another group has is 409', async () => {
  const body = { name: 'Twin', permissions: [], external_id: 'idp-2' };
  expect((await company.call('POST', '/groups', body)).status).toBe(201);
  await expectRefusal(company, () => company.call('POST', '/groups', body), 409, 'external_id_in_use');
});

test.each([
  ['without a name', { permissions: [] }],
  ['without permissions', { name: 'Group' }],
  ['without anything', {}],
  ['with permissions null', { name: 'Group', permissions: null }],
  ['with name null', { name: null, permissions: [] }],
])('T305 POST %s is 400 and creates nothing', async (_, body) => {
  await expectRefusal(company, () => company.call('POST', '/groups', body), 400, 'bad_request');
});

test('T305 the refusal names the field, but not its value', async () => {
  const answer = await company.call('POST', '/groups', { name: 'Group', permissions: ['secret', 'secret'] });
  expect(pick(answer, 'detail')).toMatch(/permissions/);
  expect(answer.text).not.toMatch(/secret/);
});

test('T306 an empty list of permissions is valid', async () => {
  expect(await permissionsKept([])).toEqual([]);
});

test('T307 X87 a group holds 2,000 permissions, and one more is 400 and creates nothing', async () => {
  const many = Array.from({ length: 2000 }, (_, n) => `area${n}.read`);
  expect(await permissionsKept(many)).toEqual(many);
  const body = { name: 'Group', permissions: [...many, 'more.read'] };
  await expectRefusal(company, () => company.call('POST', '/groups', body), 400, 'too_many');
});

test('T308 X43 a permission that is there twice is 400 and creates nothing', async () => {
  const body = { name: 'Group', permissions: ['accounts.read', 'accounts.create', 'accounts.read'] };
  await expectRefusal(company, () => company.call('POST', '/groups', body), 400, 'bad_request');
});

test('T309 X44 permissions that differ by case only are different and kept as sent', async () => {
  const permissions = ['Accounts.Read', 'accounts.read', 'ACCOUNTS.READ'];
  expect(await permissionsKept(permissions)).toEqual(permissions);
});

test('X45 names outside every catalogue are kept as given, blanks and all', async () => {
  const permissions = ['**', 'nie gehört', '日本', '😀', 'a.b.c.d', 'user.manage', ' padded ', ' '];
  expect(await permissionsKept(permissions)).toEqual(permissions);
});

test.each([[[1]], [['']], [[null]], [[true]], [[{}]], [[['a']]], ['a'], [{ 0: 'a' }], [['a', '']]])(
  'T310 permissions %j are 400',
  async (permissions) => {
    const body = { name: 'Group', permissions };
    await expectRefusal(company, () => company.call('POST', '/groups', body), 400, 'bad_request');
  },
);

test('T321 permissions are answered in the order they were sent', async () => {
  const permissions = ['z.last', 'a.first', 'm.middle', 'B.upper'];
  expect(await permissionsKept(permissions)).toEqual(permissions);
});

test('X50 a group that is merely named like a built-in one is an ordinary group', async () => {
  for (const name of ['Administrators', 'All Users', 'Administrators']) {
    const id = String(pick(await company.call('POST', '/groups', { name, permissions: [] }), 'id'));
    expect((await company.call('PUT', `/groups/${id}`, { permissions: ['accounts.read'] })).status).toBe(200);
    expect((await company.call('DELETE', `/groups/${id}`)).status).toBe(204);
    expectProblem(await company.call('GET', `/groups/${id}`), 404, 'group_not_found');
  }
});

test('T311 fields of the answer that are sent along are not taken', async () => {
  const sent = { id: 'mine', built_in: true, num_members: 9, company: 'x' };
  const answer = await company.call('POST', '/groups', { name: 'Group', permissions: [], ...sent });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ built_in: false, num_members: 0 });
  expect(pick(answer, 'id')).not.toBe('mine');
});
