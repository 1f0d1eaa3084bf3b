import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { idOf, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

test('T324 X42 a group made on v1 is on v2 under the same id, without permissions', async () => {
  const id = idOf(await app.v1()('POST', '/groups', { name: 'Sales', description: 'They sell' }));
  expect((await company.call('GET', `/groups/${id}`)).body).toMatchObject({
    ...{ id, name: 'Sales', description: 'They sell', permissions: [] },
  });
});

test('T324 X42 a group made on v2 is on v1 under the same id', async () => {
  const id = await company.group(['accounts.read']);
  expect(pick(await app.v1()('GET', `/groups/${id}`), 'data')).toMatchObject({ id, name: 'Group' });
});

test('T324 X42 each version changes the one group and leaves what only the other shows', async () => {
  const id = await company.group(['accounts.read']);
  const user = await company.user();
  expect((await app.v1()('PUT', `/users/${user}/groups/${id}`)).status).toBe(200);
  expect((await app.v1()('PUT', `/groups/${id}`, { name: 'By v1', description: 'v1' })).status).toBe(200);
  expect((await company.call('GET', `/groups/${id}`)).body).toMatchObject({
    ...{ name: 'By v1', description: 'v1', permissions: ['accounts.read'], num_members: 1 },
  });
  await company.call('PATCH', `/groups/${id}`, { name: 'By v2', permissions: [] });
  expect(pick(await app.v1()('GET', `/groups/${id}`), 'data')).toMatchObject({
    ...{ name: 'By v2', description: 'v1', num_members: 1 },
  });
});

test('T324 X42 a group deleted on one version is gone on the other', async () => {
  const [one, other] = [await company.group(), await company.group()];
  expect((await company.call('DELETE', `/groups/${one}`)).status).toBe(204);
  expect((await app.v1()('GET', `/groups/${one}`)).status).toBe(404);
  expect((await app.v1()('DELETE', `/groups/${other}`)).status).toBe(200);
  expect((await company.call('GET', `/groups/${other}`)).status).toBe(404);
});

test('T324 X42 a member added on v1 holds the permissions that v2 gave the group', async () => {
  const [id, user] = [await company.group(['accounts.read']), await company.user()];
  await app.v1()('PUT', `/users/${user}/groups/${id}`);
  const effective = await company.call('GET', `/users/${user}/effective-permissions`);
  expect(effective.body).toContainEqual({
    permission: 'accounts.read',
    sources: [{ type: 'group', id, name: 'Group' }],
  });
});
