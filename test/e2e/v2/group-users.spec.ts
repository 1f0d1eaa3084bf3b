import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { address, Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;
let group: string;
let user: string;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

beforeEach(async () => {
  [group, user] = [await company.group(), await company.user()];
});

afterAll(() => app.stop());

const put = (body?: unknown) => company.call('PUT', `/groups/${group}/users/${user}`, body);
const members = (query = '') => company.call('GET', `/groups/${group}/users${query}`);
const idsOf = ({ body }: Answer) => (body as { id: string }[]).map(({ id }) => id);

test('PUT makes a user a member and answers with the member', async () => {
  const email = address();
  user = await company.user({ first_name: 'Jane', last_name: 'Doe', email });
  const answer = await put();
  const member = { id: user, first_name: 'Jane', last_name: 'Doe', email, can_edit: false };
  expect([answer.status, answer.body]).toEqual([200, member]);
  expect((await members()).body).toEqual([member]);
  expect(pick(await company.call('GET', `/groups/${group}`), 'num_members')).toBe(1);
});

test('X53 X59 can_edit is false for a new member and unchanged for one who is there when absent', async () => {
  expect(pick(await put({}), 'can_edit')).toBe(false);
  expect(pick(await put({ can_edit: true }), 'can_edit')).toBe(true);
  expect(pick(await put({}), 'can_edit')).toBe(true);
  expect(pick(await put({ can_edit: false }), 'can_edit')).toBe(false);
});

test('said again it records no event', async () => {
  const { headers } = await put({ can_edit: true });
  for (const body of [{ can_edit: true }, {}])
    expect((await put(body)).headers.get('muster-revision')).toBe(headers.get('muster-revision'));
  expect(await company.revision()).toBe(headers.get('muster-revision'));
});

test.each(['', ' ', '{}', '[]', 'null'])('X81 the body "%s" means no fields', async (rawBody) => {
  const answer = await app.v2()('PUT', `/groups/${group}/users/${user}`, undefined, {
    rawBody,
    headers: { 'content-type': 'application/json' },
  });
  expect([answer.status, pick(answer, 'can_edit')]).toEqual([200, false]);
});

test.each(['true', 1, null, [], {}])('can_edit %j is 400', async (can_edit) => {
  await expectRefusal(company, () => put({ can_edit }), 400, 'bad_request');
});

test('the members are paged in a stable order, X-Total-Count counts all of them', async () => {
  const users = [user, await company.user(), await company.user()];
  for (user of [...users].reverse()) await put();
  expect(idsOf(await members()).sort()).toEqual([...users].sort());
  const pages = [await members('?limit=2'), await members('?limit=2&offset=2')];
  expect(pages.flatMap(idsOf)).toEqual(idsOf(await members()));
  expect(pages.map(({ headers }) => headers.get('x-total-count'))).toEqual(['3', '3']);
});

test('X81 DELETE takes a member out: 204 without a body', async () => {
  await put();
  const answer = await company.call('DELETE', `/groups/${group}/users/${user}`);
  expect([answer.status, answer.text]).toEqual([204, '']);
  expect((await members()).body).toEqual([]);
});

test('X81 DELETE of somebody who is no member is 403', async () => {
  const remove = () => company.call('DELETE', `/groups/${group}/users/${user}`);
  await expectRefusal(company, remove, 403, 'user_not_in_group');
});

test('X54 everybody is in All Users, and nobody is put in or taken out by hand', async () => {
  const allUsers = await company.allUsersGroup();
  const list = await company.call('GET', `/groups/${allUsers}/users`);
  expect(idsOf(list)).toContain(user);
  for (const method of ['PUT', 'DELETE']) {
    const request = () => company.call(method, `/groups/${allUsers}/users/${user}`);
    await expectRefusal(company, request, 403, 'built_in_group');
  }
});

test('a deleted user is a member no more', async () => {
  await put();
  await app.v1()('DELETE', `/users/${user}`);
  const answer = await members();
  expect([answer.body, answer.headers.get('x-total-count')]).toEqual([[], '0']);
  expectProblem(await put(), 404, 'user_not_found');
});
