import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, editorRole, expectProblem, expectRefusal, type Person } from './company.js';

type Caller =
  'manager' | 'user viewer' | 'group viewer' | 'editor' | 'view-only' | 'outsider of account.settings';

let app: RunningApp;
let company: Company;
let target: string;
let group: string;
let callers: Record<Caller, Person>;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
  [target, group] = [await company.user(), await company.group()];
  const withRole = async (roles: string[]) => {
    const id = await company.user({ roles });
    return { id, key: await company.key(id) };
  };
  const others = ['account.profile', 'client.access', 'user.viewonly.manage'];
  callers = {
    manager: await company.personWith('user.manage'),
    'user viewer': await company.personWith('user.view'),
    'group viewer': await company.personWith('group.view'),
    editor: await withRole([editorRole]),
    'view-only': await withRole(['a0000000000000000000000000000003']),
    'outsider of account.settings': await company.personWith(...others),
  };
});

afterAll(() => app.stop());

const everybody: Caller[] = [
  ...(['manager', 'user viewer', 'group viewer', 'editor', 'view-only'] as const),
  'outsider of account.settings',
];
const groupReaders: Caller[] = ['manager', 'user viewer', 'group viewer'];
const userReaders: Caller[] = ['manager', 'user viewer'];

describe.each<[string, string, Caller[]]>([
  ['GET', '/groups', groupReaders],
  ['GET', '/groups/:group', groupReaders],
  ['GET', '/groups/:group/users', groupReaders],
  ['GET', '/users/:user/keys', userReaders],
  ['GET', '/users/:user/permissions', userReaders],
  ['GET', '/users/:user/effective-permissions', userReaders],
  ['GET', '/account', everybody],
])('X62 %s %s', (method, path, allowed) => {
  test.each(everybody)('by the %s', async (caller) => {
    const answer = await company.call(method, at(path), undefined, callers[caller].key);
    if (allowed.includes(caller)) expect(answer.status).toBe(200);
    else expectProblem(answer, 403, 'access_denied');
  });
});

describe.each([
  ['POST', '/groups', { name: 'New', permissions: [] }],
  ['PUT', '/groups/:group', { name: 'New' }],
  ['PATCH', '/groups/:group', { name: 'New' }],
  ['PUT', '/groups/:group/users/:user', {}],
  ['DELETE', '/groups/:group/users/:user', undefined],
  ['POST', '/users/:user/keys', {}],
  ['DELETE', '/users/:user/keys/:key', undefined],
  ['DELETE', '/users/:user/lock', undefined],
  ['PUT', '/users/:user/permissions', { permissions: [] }],
  ['POST', '/users/:user/restore', {}],
  ['POST', '/groups/:group/restore', {}],
  ['POST', '/audit/0/revert', {}],
  ['PATCH', '/account', { name: 'Mine' }],
  ['DELETE', '/groups/:group', undefined],
])('T322 X62 %s %s', (method, path, body) => {
  test.each(everybody.filter((caller) => caller !== 'manager'))('is refused to the %s', async (caller) => {
    const request = () => company.call(method, at(path), body, callers[caller].key);
    await expectRefusal(company, request, 403, 'access_denied');
  });
});

test('X62 X73 user.manage does not change the account, account.settings does', async () => {
  const request = () => company.call('PATCH', '/account', { name: 'Mine' }, callers.manager.key);
  await expectRefusal(company, request, 403, 'access_denied');
  const { key } = await company.personWith('account.settings');
  expect(pick(await company.call('PATCH', '/account', { name: 'Mine' }, key), 'name')).toBe('Mine');
});

test('X62 everybody may see their own effective permissions, but not their own keys', async () => {
  const { id, key } = callers['view-only'];
  const answer = await company.call('GET', `/users/${id}/effective-permissions`, undefined, key);
  expect(answer.status).toBe(200);
  expect(pick(answer, 0, 'sources', 0, 'name')).toBe('View-Only');
  expectProblem(await company.call('GET', `/users/${id}/keys`, undefined, key), 403, 'access_denied');
});

test('T322 a permission that is taken away counts no longer, at once', async () => {
  const { id, key } = await company.personWith();
  await company.call('PUT', `/users/${id}/permissions`, { permissions: ['group.view'] });
  expect((await company.call('GET', '/groups', undefined, key)).status).toBe(200);
  await company.call('PUT', `/users/${id}/permissions`, { permissions: [] });
  expectProblem(await company.call('GET', '/groups', undefined, key), 403, 'access_denied');
});

function at(path: string): string {
  const ids = { ':group': group, ':user': target, ':key': 'ffffffffffffffffffffffffffffffff' };
  return path.replace(/:\w+/g, (name) => ids[name as keyof typeof ids]);
}
