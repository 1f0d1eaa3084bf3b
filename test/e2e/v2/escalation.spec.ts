import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { address, adminRole, Company, expectProblem, expectRefusal, type Person } from './company.js';

let app: RunningApp;
let company: Company;
let manager: Person;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
  manager = await company.personWith('user.manage', 'accounts.read', 'group.view');
});

afterAll(() => app.stop());

const byManager = (method: string, path: string, body?: unknown) =>
  company.call(method, path, body, manager.key);

function refusedAsEscalation(request: () => Promise<Answer>): Promise<Answer> {
  return expectRefusal(company, request, 403, 'permission_escalation');
}

describe('X56 nobody grants what they do not hold', () => {
  test('by a new group', async () => {
    const body = { name: 'Strong', permissions: ['accounts.read', 'accounts.create'] };
    await refusedAsEscalation(() => byManager('POST', '/groups', body));
    const allowed = { name: 'As strong', permissions: ['accounts.read', 'user.manage'] };
    expect((await byManager('POST', '/groups', allowed)).status).toBe(201);
  });

  test.each(['PUT', 'PATCH'])('by %s of a group', async (method) => {
    const group = await company.group(['accounts.read']);
    const body = { name: 'Renamed', permissions: ['accounts.read', 'Accounts.Read'] };
    await refusedAsEscalation(() => byManager(method, `/groups/${group}`, body));
    expect(pick(await company.call('GET', `/groups/${group}`), 'name')).toBe('Group');
  });

  test('by individual permissions, their own included', async () => {
    const user = await company.user();
    for (const id of [user, manager.id]) {
      const body = { permissions: ['account.settings'] };
      await refusedAsEscalation(() => byManager('PUT', `/users/${id}/permissions`, body));
    }
    const body = { permissions: ['accounts.read'] };
    expect((await byManager('PUT', `/users/${user}/permissions`, body)).status).toBe(200);
  });

  test('by membership in a group that holds more', async () => {
    const [strong, weak] = [await company.group(['accounts.create']), await company.group(['accounts.read'])];
    const user = await company.user();
    await refusedAsEscalation(() => byManager('PUT', `/groups/${strong}/users/${user}`, {}));
    await refusedAsEscalation(() => byManager('PUT', `/groups/${strong}/users/${manager.id}`, {}));
    expect((await byManager('PUT', `/groups/${weak}/users/${user}`, {})).status).toBe(200);
  });

  test('not even what no catalogue knows', async () => {
    await refusedAsEscalation(() => byManager('POST', '/groups', { name: 'All', permissions: ['**'] }));
  });
});

describe('X78 only what is newly given counts', () => {
  test('keeping, repeating and taking away permissions one does not hold is no grant', async () => {
    const group = await company.group(['accounts.create', 'accounts.delete']);
    for (const permissions of [
      ['accounts.delete', 'accounts.create', 'accounts.read'],
      ['accounts.create'],
      ['accounts.create'],
      [],
    ]) {
      const answer = await byManager('PUT', `/groups/${group}`, { permissions });
      expect(pick(answer, 'permissions')).toEqual(permissions);
    }
  });

  test('a repeated membership and another can_edit are no grant', async () => {
    const [group, user] = [await company.group(['accounts.create']), await company.user()];
    await company.call('PUT', `/groups/${group}/users/${user}`, {});
    const answer = await byManager('PUT', `/groups/${group}/users/${user}`, { can_edit: true });
    expect(pick(answer, 'can_edit')).toBe(true);
  });

  test('individual permissions somebody has already may be kept', async () => {
    const user = await company.user();
    await company.call('PUT', `/users/${user}/permissions`, { permissions: ['accounts.create'] });
    const body = { permissions: ['accounts.read', 'accounts.create'] };
    expect((await byManager('PUT', `/users/${user}/permissions`, body)).body).toEqual(body);
  });
});

describe('X57 nobody takes over a stronger user', () => {
  test('by a key, however the user came to be stronger', async () => {
    const byRole = (await company.personWith('accounts.create')).id;
    const [byGroup, group] = [await company.user(), await company.group(['accounts.create'])];
    await company.call('PUT', `/groups/${group}/users/${byGroup}`, {});
    const individually = await company.user();
    await company.call('PUT', `/users/${individually}/permissions`, { permissions: ['accounts.create'] });
    for (const id of [byRole, byGroup, individually, company.admin.id])
      await refusedAsEscalation(() => byManager('POST', `/users/${id}/keys`, {}));
  });

  test('but issues keys for those who hold no more', async () => {
    const weaker = (await company.personWith('accounts.read')).id;
    expect((await byManager('POST', `/users/${weaker}/keys`, {})).status).toBe(201);
    expect((await byManager('POST', `/users/${manager.id}/keys`, {})).status).toBe(201);
  });

  test('nor by another e-mail address, not even one that differs by letter case', async () => {
    const email = address();
    const roles = [await company.role(['accounts.create'])];
    const user = await company.user({ email, roles });
    for (const changed of [address(), email.toUpperCase()]) {
      const answer = await app.v1(manager.key)('PUT', `/users/${user}`, { email: changed });
      expect(pick(answer, 'meta', 'error_code')).toBe('permission_escalation');
    }
    const same = await app.v1(manager.key)('PUT', `/users/${user}`, { email, first_name: 'Jo' });
    expect(same.status).toBe(200);
  });

  test('X97: a key of a stronger user is not revoked, but a membership may be taken away', async () => {
    const strong = await company.personWith('accounts.create');
    const group = await company.group(['accounts.create']);
    await company.call('PUT', `/groups/${group}/users/${strong.id}`, {});
    const keyId = String(pick(await byManager('GET', `/users/${strong.id}/keys`), 0, 'id'));
    await refusedAsEscalation(() => byManager('DELETE', `/users/${strong.id}/keys/${keyId}`));
    expect((await byManager('DELETE', `/groups/${group}/users/${strong.id}`)).status).toBe(204);
  });
});

test('X76 nothing is escalation for an Admin, also what no catalogue knows', async () => {
  const admin = await company.user({ roles: [adminRole] });
  const key = await company.key(admin);
  const permissions = ['never.heard.of', '**', 'user.manage'];
  const answer = await company.call('POST', '/groups', { name: 'Any', permissions }, key);
  expect(pick(answer, 'permissions')).toEqual(permissions);
  expect((await company.call('POST', `/users/${company.admin.id}/keys`, {}, key)).status).toBe(201);
});

test('X75 escalation is judged before the state', async () => {
  const builtIn = `/groups/${await company.allUsersGroup()}`;
  expectProblem(await byManager('PUT', builtIn, { permissions: ['x'] }), 403, 'permission_escalation');
});
