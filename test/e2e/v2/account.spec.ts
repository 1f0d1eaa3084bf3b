import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { adminRole, Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start({ MUSTER_COMPANY: 'Begin & Co' });
});

beforeEach(async () => {
  company = await Company.open(app);
});

afterAll(() => app.stop());

test('X73 the account has an id, a name and three contacts', async () => {
  const { admin } = await Company.first(app);
  expect((await app.v2()('GET', '/account')).body).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    name: 'Begin & Co',
    contacts: { super_admin: admin.id, technical_contact: admin.id, business_contact: admin.id },
  });
});

test('X73 a client account names its parent, and has no contacts at first', async () => {
  const client = await company.client({ name: 'Acme' });
  expect((await company.call('GET', `/account?client_id=${client}`)).body).toEqual({
    ...{ id: client, name: 'Acme', parent_id: company.id },
    contacts: { super_admin: null, technical_contact: null, business_contact: null },
  });
});

test('X81 any user of the account may see it', async () => {
  const { key } = await company.personWith();
  expect((await company.call('GET', '/account', undefined, key)).status).toBe(200);
});

test('PATCH changes what is sent, and answers with the account', async () => {
  const user = await company.user();
  const { id } = company.admin;
  const renamed = await company.call('PATCH', '/account', { name: 'Renamed' });
  expect(renamed.body).toEqual({
    ...{ id: company.id, name: 'Renamed' },
    contacts: { super_admin: id, technical_contact: id, business_contact: id },
  });
  const answer = await company.call('PATCH', '/account', { contacts: { technical_contact: user } });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...{ id: company.id, name: 'Renamed' },
    contacts: { super_admin: id, technical_contact: user, business_contact: id },
  });
  expect((await company.call('GET', '/account')).body).toEqual(answer.body);
});

test('the new name is the company that users and groups are shown with', async () => {
  await company.call('PATCH', '/account', { name: 'Renamed' });
  const user = await app.v1(company.admin.key)('GET', `/users/${company.admin.id}`);
  expect(pick(user, 'data', 'company')).toBe('Renamed');
});

test.each([{}, { contacts: {} }, { name: 'Other Ltd' }, { id: 'mine' }])(
  'PATCH with %j changes nothing and records no event',
  async (body) => {
    const before = await company.call('GET', '/account');
    const answer = await company.call('PATCH', '/account', body);
    expect([answer.status, answer.body]).toEqual([200, before.body]);
    expect(answer.headers.get('muster-revision')).toBe(before.headers.get('muster-revision'));
  },
);

test('X73 a contact that is no user of the account is 400, and nothing of the request is done', async () => {
  const client = await company.client();
  const ofClient = await company.user({}, client);
  const deleted = await company.user();
  await app.v1(company.admin.key)('DELETE', `/users/${deleted}`);
  for (const id of ['nobody', ofClient, deleted, await company.group()]) {
    const body = { name: 'Not now', contacts: { business_contact: id } };
    const answer = await expectRefusal(
      company,
      () => company.call('PATCH', '/account', body),
      400,
      'bad_request',
    );
    expect(pick(answer, 'detail')).toMatch(/contacts\.business_contact/);
  }
  expect(pick(await company.call('GET', '/account'), 'name')).toBe('Other Ltd');
});

test('X28 a contact cannot be deleted until another is named', async () => {
  const [first, second] = [await company.user(), await company.user()];
  const remove = (id: string) => app.v1(company.admin.key)('DELETE', `/users/${id}`);
  for (const contact of ['super_admin', 'technical_contact', 'business_contact']) {
    await company.call('PATCH', '/account', { contacts: { [contact]: first } });
    expect(pick(await remove(first), 'meta', 'error_code')).toBe(`cannot_delete_${contact}`);
    await company.call('PATCH', '/account', { contacts: { [contact]: second } });
  }
  expect((await remove(first)).status).toBe(200);
});

test('X73 the account of a client is changed from the company', async () => {
  const client = await company.client();
  const user = await company.user({ roles: [adminRole] }, client);
  const body = { name: 'Acme', contacts: { super_admin: user } };
  const answer = await company.call('PATCH', `/account?client_id=${client}`, body);
  expect(answer.body).toMatchObject({ id: client, name: 'Acme', contacts: { super_admin: user } });
  expect(pick(await company.call('GET', '/account'), 'name')).toBe('Other Ltd');
});

test('X73 PATCH needs account.settings, X62 which an Editor does not have', async () => {
  const { key } = await company.personWith('user.manage', 'account.profile');
  const request = () => company.call('PATCH', '/account', { name: 'Mine' }, key);
  await expectRefusal(company, request, 403, 'access_denied');
  expectProblem(await app.request('GET', '/api/v2/account'), 401, 'auth_not_provided');
});
