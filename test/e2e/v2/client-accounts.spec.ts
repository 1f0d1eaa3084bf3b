import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem, expectRefusal, type Person } from './company.js';

let app: RunningApp;
let company: Company;
let client: string;
let person: Person;
let group: string;
let clientPerson: Person;
let clientGroup: string;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
  client = await company.client();
  person = await company.personWith('account.settings');
  group = await company.group();
  const id = await company.user({}, client);
  clientPerson = { id, key: await company.key(id, client) };
  clientGroup = await company.group([], client);
});

afterAll(() => app.stop());

test('X63 every v2 route takes client_id in the query, as scope', async () => {
  const [user, g, q] = [clientPerson.id, clientGroup, `?client_id=${client}`];
  const keys = await company.call('GET', `/users/${user}/keys${q}`);
  const key = await company.call('POST', `/users/${user}/keys${q}`, {});
  const removable = await company.group([], client);
  const answers = [
    await company.call('GET', `/groups${q}`),
    await company.call('POST', `/groups${q}`, { name: 'New', permissions: [] }),
    await company.call('GET', `/groups/${g}${q}`),
    await company.call('PUT', `/groups/${g}${q}`, { name: 'Put' }),
    await company.call('PATCH', `/groups/${g}${q}`, { name: 'Patched' }),
    await company.call('DELETE', `/groups/${removable}${q}`),
    await company.call('PUT', `/groups/${g}/users/${user}${q}`),
    await company.call('GET', `/groups/${g}/users${q}`),
    await company.call('DELETE', `/groups/${g}/users/${user}${q}`),
    await company.call('GET', `/account${q}`),
    await company.call('PATCH', `/account${q}`, { name: 'Client' }),
    ...[keys, key],
    await company.call('DELETE', `/users/${user}/keys/${String(pick(key, 'id'))}${q}`),
    await company.call('PUT', `/users/${user}/permissions${q}`, { permissions: [] }),
    await company.call('GET', `/users/${user}/permissions${q}`),
    await company.call('GET', `/users/${user}/effective-permissions${q}`),
  ];
  for (const answer of answers) {
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('muster-revision')).toMatch(new RegExp(`^${client}@\\d+$`));
  }
});

test('X63 the list shows the groups of the scope alone', async () => {
  const home = await company.call('GET', '/groups');
  const inClient = await company.call('GET', `/groups?client_id=${client}`);
  expect(home.text).toContain(group);
  expect(home.text).not.toContain(clientGroup);
  expect(inClient.text).toContain(clientGroup);
  expect(inClient.text).not.toContain(group);
});

test('X63 the own account may be named as well', async () => {
  expect((await company.call('GET', `/groups/${group}?client_id=${company.id}`)).status).toBe(200);
});

test.each(['', '%20', `x&client_id=y`])('X81 client_id=%s is 400', async (value) => {
  expectProblem(await company.call('GET', `/groups?client_id=${value}`), 400, 'bad_request');
});

test('X63 an unknown client is 404', async () => {
  const request = () => company.call('POST', '/groups?client_id=nobody', { name: 'New', permissions: [] });
  await expectRefusal(company, request, 404, 'client_not_found');
});

test('X63 what is in the client is not found without client_id, and the other way round', async () => {
  expectProblem(await company.call('GET', `/groups/${clientGroup}`), 404, 'group_not_found');
  expectProblem(await company.call('GET', `/groups/${group}?client_id=${client}`), 404, 'group_not_found');
  expectProblem(await company.call('GET', `/users/${clientPerson.id}/keys`), 404, 'user_not_found');
  const mixed = `/groups/${clientGroup}/users/${person.id}?client_id=${client}`;
  await expectRefusal(company, () => company.call('PUT', mixed, {}), 404, 'user_not_found');
});

test('X55 X77 who holds neither user.manage nor client.access does not reach a client: 403', async () => {
  const path = `/account?client_id=${client}`;
  expectProblem(await company.call('GET', path, undefined, person.key), 403, 'access_denied');
  const { key } = await company.personWith('client.access');
  await company.share(client, false);
  expect((await company.call('GET', path, undefined, key)).status).toBe(200);
  expectProblem(
    await company.call('GET', `/groups?client_id=${client}`, undefined, key),
    403,
    'access_denied',
  );
});

test('X77 without that reach the answer does not tell whether there is such a client', async () => {
  const answers = [client, 'nobody', (await Company.open(app)).id].map((id) =>
    company.call('GET', `/account?client_id=${id}`, undefined, person.key),
  );
  for (const answer of await Promise.all(answers)) expectProblem(answer, 403, 'access_denied');
});

test('X61 a user of the client reaches neither the company nor its other clients: 404', async () => {
  const sibling = await company.client();
  await company.call('PUT', `/users/${clientPerson.id}/permissions?client_id=${client}`, {
    permissions: ['user.manage'],
  });
  for (const id of [company.id, sibling]) {
    const answer = await company.call('GET', `/groups?client_id=${id}`, undefined, clientPerson.key);
    expectProblem(answer, 404, 'client_not_found');
  }
  expect((await company.call('GET', `/groups`, undefined, clientPerson.key)).text).toContain(clientGroup);
});
