import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

const namesOf = ({ body }: Answer) =>
  (body as { permission: string }[]).map(({ permission }) => permission).sort();

/** A member of a group that gives `a.read` and `b.read`, with `b.read` and `c.read` individually. */
async function member(): Promise<{ id: string; group: string }> {
  const role = await company.role(['role.read']);
  const [id, group] = [await company.user({ roles: [role] }), await company.group(['a.read', 'b.read'])];
  await company.call('PUT', `/groups/${group}/users/${id}`);
  const answer = await company.call('PUT', `/users/${id}/permissions`, { permissions: ['b.read', 'c.read'] });
  expect(answer.status).toBe(200);
  return { id, group };
}

test('T317 X47 DELETE answers 204 without a body, and the group is gone', async () => {
  const id = await company.group();
  const answer = await company.call('DELETE', `/groups/${id}`);
  expect([answer.status, answer.text]).toEqual([204, '']);
  expectProblem(await company.call('GET', `/groups/${id}`), 404, 'group_not_found');
  expectProblem(await company.call('GET', `/groups/${id}/users`), 404, 'group_not_found');
  await expectRefusal(company, () => company.call('DELETE', `/groups/${id}`), 404, 'group_not_found');
});

test('T318 X51 after DELETE its users keep all their individual permissions', async () => {
  const { id, group } = await member();
  const before = await company.call('GET', `/users/${id}/permissions`);
  expect(before.body).toEqual({ permissions: ['b.read', 'c.read'] });
  await company.call('DELETE', `/groups/${group}`);
  expect((await company.call('GET', `/users/${id}/permissions`)).body).toEqual(before.body);
});

test('T319 after DELETE what was held through the group alone is gone', async () => {
  const { id, group } = await member();
  const effective = () => company.call('GET', `/users/${id}/effective-permissions`);
  expect(namesOf(await effective())).toEqual(['a.read', 'b.read', 'c.read', 'role.read']);
  await company.call('DELETE', `/groups/${group}`);
  expect(namesOf(await effective())).toEqual(['b.read', 'c.read', 'role.read']);
});

test('T320 X51 a permission held individually, too, survives the DELETE with that one source', async () => {
  const { id, group } = await member();
  const held = async () =>
    ((await company.call('GET', `/users/${id}/effective-permissions`)).body as { permission: string }[]).find(
      ({ permission }) => permission === 'b.read',
    );
  expect(await held()).toEqual({
    permission: 'b.read',
    sources: [{ type: 'group', id: group, name: 'Group' }, { type: 'individual' }],
  });
  await company.call('DELETE', `/groups/${group}`);
  expect(await held()).toEqual({ permission: 'b.read', sources: [{ type: 'individual' }] });
});

test('T319 a key acts no longer by a permission that only a deleted group gave', async () => {
  const id = await company.user();
  const group = await company.group(['user.manage']);
  await company.call('PUT', `/groups/${group}/users/${id}`);
  const key = await company.key(id);
  expect((await company.call('POST', '/groups', { name: 'Mine', permissions: [] }, key)).status).toBe(201);
  await company.call('DELETE', `/groups/${group}`);
  expectProblem(
    await company.call('POST', '/groups', { name: 'Mine', permissions: [] }, key),
    403,
    'access_denied',
  );
});

test('T323 DELETE of a built-in group is 403', async () => {
  const builtIn = await company.allUsersGroup();
  await expectRefusal(company, () => company.call('DELETE', `/groups/${builtIn}`), 403, 'built_in_group');
  expect((await company.call('GET', `/groups/${builtIn}`)).status).toBe(200);
});
