import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { addGroup, addPerson, addUser, type Company, openCompany, VIEW_ONLY } from '../../support/people.js';
import { mailedToken } from '../../support/password-tokens.js';
import { pause } from '../../support/pause.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start({
    MUSTER_REQUIRE_REASON:
      'AddUserToGroup, DeleteUser,ResetPassword,RecordSignIn, RestoreGroup, RevertCommand',
  });
  company = await openCompany(app);
});
afterAll(() => app.stop());

const because = { headers: { 'muster-reason': 'Ticket 812' } };

function expectRequired(answer: Answer): void {
  expect(answer.status).toBe(400);
  const code = pick(answer, 'code') ?? pick(answer, 'meta', 'error_code');
  expect(code).toBe('reason_required');
}

test('a command that asks for a reason is refused without one, and nothing changes', async () => {
  const { v1, v2 } = company.admin;
  const [group, user] = [await addGroup(v1), await addUser(v1)];
  expectRequired(await v2('PUT', `/groups/${group}/users/${user}`));
  expectRequired(await v1('PUT', `/users/${user}/groups/${group}`));
  expectRequired(await v1('DELETE', `/users/${user}`));
  expect(pick(await v2('GET', `/groups/${group}`), 'num_members')).toBe(0);
  expect((await v2('PUT', `/groups/${group}/users/${user}`, undefined, because)).status).toBe(200);
  expect((await v1('DELETE', `/users/${user}`, undefined, because)).status).toBe(200);
});

test('the permission is judged before, and other commands ask for none', async () => {
  const guest = await addPerson(app, company.admin, []);
  const group = await addGroup(company.admin.v1);
  expect((await guest.v2('PUT', `/groups/${group}/users/${guest.id}`)).status).toBe(403);
  expect((await company.admin.v1('DELETE', `/groups/${group}`)).status).toBe(200);
});

test('what a token in a mail is used for may ask for a reason, too', async () => {
  const user = await addUser(company.admin.v1);
  const body = { token: await mailedToken(app, company.id, user), password: 'open sesame' };
  expectRequired(await app.request('POST', '/api/v2/password', { body }));
  expect((await app.request('POST', '/api/v2/password', { body, ...because })).status).toBe(204);
});

test('a restoration asks for a reason, and so does a revert, by its own name or that of a command it consists of', async () => {
  const { v1, v2 } = company.admin;
  const [group, user] = [await addGroup(v1), await addUser(v1)];
  await v2('PUT', `/groups/${group}/users/${user}`, undefined, because);
  const revisionOf = ({ headers }: Answer) =>
    /\d+$/.exec(headers.get('muster-audit')?.split('?')[0] ?? '')?.[0];
  const removed = revisionOf(await v2('DELETE', `/groups/${group}/users/${user}`));
  const renamed = revisionOf(await v1('PUT', `/groups/${group}`, { description: 'Other' }));
  const expectToName = async (revision: string | undefined, command: string) => {
    const answer = await v2('POST', `/audit/${revision}/revert`);
    expectRequired(answer);
    expect(answer.text).toContain(`${command} needs a reason`);
  };
  await expectToName(removed, 'AddUserToGroup');
  await expectToName(renamed, 'RevertCommand');
  await expectToName(revisionOf(await v2('DELETE', `/groups/${group}`)), 'RestoreGroup');
  expectRequired(await v2('POST', `/groups/${group}/restore`));
  expect((await v2('POST', `/groups/${group}/restore`, undefined, because)).status).toBe(200);
  const again = revisionOf(await v1('PUT', `/groups/${group}`, { description: 'Third' }));
  expect((await v2('POST', `/audit/${again}/revert`, undefined, because)).status).toBe(200);
});

test('what the service does by itself is exempt', async () => {
  const facts = { email: 'basic@example.com', password: 'open sesame', roles: [VIEW_ONLY] };
  const user = await addUser(company.admin.v1, facts);
  const authorization = `Basic ${Buffer.from(`${facts.email}:${facts.password}`).toString('base64')}`;
  expect((await app.request('GET', '/api/1.0/profile', { headers: { authorization } })).status).toBe(200);
  const shown = async () => pick(await company.admin.v1('GET', `/users/${user}`), 'data', 'date_last_login');
  // On a store with other writers it is there a moment later.
  while ((await shown()) === null) await pause();
  expect(await shown()).toEqual(expect.any(String));
});
