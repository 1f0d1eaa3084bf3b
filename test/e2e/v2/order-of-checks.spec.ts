import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminKey, type Answer } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectRefusal, type Person } from './company.js';

let app: RunningApp;
let company: Company;
let nobody: Person;
let builtIn: string;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
  nobody = await company.personWith();
  builtIn = await company.allUsersGroup();
});

afterAll(() => app.stop());

const unknown = '0'.repeat(32);
const malformed = { rawBody: '{"name":', headers: { 'content-type': 'application/json' } };
const wrongType = { rawBody: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
const oddType = { rawBody: '{}', headers: { 'content-type': 'odd' } };
const encoded = { rawBody: '{}', headers: { 'content-encoding': 'gzip' } };
const tooLarge = { rawBody: ' '.repeat(512 * 1024 + 1), headers: { 'content-type': 'application/json' } };

/** Everything is wrong with these; the first that is judged decides. */
const routes = [
  ['POST', '/groups', { name: 1 }],
  ['PUT', `/groups/${unknown}`, { name: 1 }],
  ['PATCH', `/groups/${unknown}`, { permissions: ['a', 'a'] }],
  ['PUT', `/groups/${unknown}/users/${unknown}`, { can_edit: 'yes' }],
  ['POST', `/users/${unknown}/keys`, { name: 1 }],
  ['PUT', `/users/${unknown}/permissions`, {}],
  ['PATCH', '/account', { contacts: [] }],
] as const;

describe.each(routes)('%s %s', (method, path, body) => {
  const call = (key: string, options: object, wrong?: object) =>
    app.v2(key)(method, `${path}?client_id=${unknown}`, wrong, options);

  test.each([malformed, wrongType, oddType, encoded, tooLarge])(
    'X66 judges credential and permission before the body %#',
    async (options) => {
      await refused(() => call('wrong-key', options), 401, 'auth_fail');
      await refused(() => call(nobody.key, options), 403, 'access_denied');
    },
  );

  test('X66 judges the body before client_id and path ids', async () => {
    await refused(() => call(adminKey, {}, body), 400, 'bad_request');
    await refused(() => call(adminKey, malformed), 400, 'bad_request');
    await refused(() => call(adminKey, wrongType), 415, 'unsupported_media_type');
    await refused(() => call(adminKey, oddType), 415, 'unsupported_media_type');
    await refused(() => call(adminKey, encoded), 415, 'unsupported_media_type');
    await refused(() => call(adminKey, tooLarge), 413, 'payload_too_large');
  });
});

test.each([
  ['PUT', `/groups/${unknown}`, { name: 'New' }, 'group_not_found'],
  ['DELETE', `/groups/${unknown}`, undefined, 'group_not_found'],
  ['GET', `/groups/${unknown}/users`, undefined, 'group_not_found'],
  ['POST', `/users/${unknown}/keys`, {}, 'user_not_found'],
  ['DELETE', `/users/${unknown}/keys/${unknown}`, undefined, 'user_not_found'],
  ['GET', `/users/${unknown}/effective-permissions`, undefined, 'user_not_found'],
])('%s %s judges client_id before path ids', async (method, path, body, code) => {
  await refused(() => company.call(method, `${path}?client_id=${unknown}`, body), 404, 'client_not_found');
  await refused(() => company.call(method, path, body), 404, code);
});

test('path ids are judged before the state', async () => {
  const request = () => company.call('PUT', `/groups/${builtIn}/users/${unknown}`, {});
  await refused(request, 404, 'user_not_found');
  const known = () => company.call('PUT', `/groups/${builtIn}/users/${nobody.id}`, {});
  await refused(known, 403, 'built_in_group');
});

test('the page of a list is judged before client_id', async () => {
  const request = () => company.call('GET', `/groups?limit=0&client_id=${unknown}`);
  await refused(request, 400, 'bad_request');
});

test('X66 on v1, too, an odd content type is judged after the caller, and JSON under it is read', async () => {
  const send = (key: string) =>
    app.v1(key)('POST', '/groups', undefined, { ...oddType, rawBody: '{"name":"a"}' });
  expect((await send('wrong-key')).status).toBe(401);
  expect((await send(nobody.key)).status).toBe(401);
  expect((await send(adminKey)).status).toBe(201);
});

async function refused(request: () => Promise<Answer>, status: number, code: string): Promise<void> {
  await expectRefusal(company, request, status, code);
}
