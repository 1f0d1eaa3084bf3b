import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, pick } from '../support/api-client.js';
import { RunningApp } from '../support/app.js';
import { call, externalId, furnished, type Ids } from '../e2e/operation/furnished.js';
import { OpenApiDocument, type Operation } from '../e2e/operation/openapi-document.js';
import { expectRefusal } from '../e2e/v1/expectations.js';
import { type Company } from '../e2e/v2/company.js';

/** What an answer may have at most, in bytes, of an account whose lists are as long as they may be. */
const MOST_BYTES = 12 * 1024 * 1024;
const [EMBEDDED, LARGE_GROUPS] = [20, 20];

interface Mirror {
  bootstrap(): Promise<void>;
  rows(): Record<'permissions' | 'assignments', readonly Record<string, unknown>[]>;
}

let app: RunningApp;
let company: Company;
let ids: Ids;
let document: OpenApiDocument;
let sharing: string;

beforeAll(async () => {
  app = await RunningApp.start({ MUSTER_LIMITS: `embedded=${EMBEDDED}` });
  document = await OpenApiDocument.of(app);
  ({ company, ids } = await furnished(app));
  const { userId = '', groupId = '', roleId = '', clientId = '' } = ids;
  for (let n = 0; n < LARGE_GROUPS; n += 1) {
    const permissions = Array.from({ length: 2_000 }, (_, place) => `${n}.${place}.`.padEnd(250, 'x'));
    sharing = await company.group(permissions);
    await company.call('PUT', `/groups/${sharing}/users/${userId}`);
    await v1('PUT', `/clients/${clientId}/share-rights`, { groups: [{ group_id: sharing }] });
  }
  const roles: string[] = [];
  for (let n = 0; n < EMBEDDED + 5; n += 1) {
    const user = await company.user({ roles: [roleId] });
    await company.call('PUT', `/groups/${groupId}/users/${user}`);
    await company.user({}, clientId);
    roles.push(await company.role([]));
    await v1('PUT', `/users/${userId}/roles/${roles.at(-1)}`);
  }
  // With these, the roles of all users are more than an answer embeds.
  for (let n = 0; n < 10; n += 1) await company.user({ roles: roles.slice(0, EMBEDDED) });
  const tab_ids = Array.from({ length: EMBEDDED + 5 }, (_, n) => `tab-${n}`);
  await v1('PUT', `/users/${userId}/tab-instances`, { tab_ids });
}, 120_000);

afterAll(() => app.stop());

const v1 = (method: string, path: string, body?: object) => app.v1(company.admin.key)(method, path, body);

/** Asks for as much as the route gives. */
function everything({ parameters }: Operation): string {
  const most: Readonly<Record<string, string>> = {
    ...{
      full: 'true',
      external_id: externalId,
      include_roles: 'true',
      include_groups: 'true',
      limit: '1000',
    },
    ...{ outcome: 'any', from: '0', by: 'event', name: 'department' },
  };
  const asked = parameters.filter((one) => one.in === 'query' && most[one.name] !== undefined);
  return `?${asked.map(({ name }) => `${name}=${most[name]}`).join('&')}`;
}

test('no answer of any GET is larger than stated, however much there is', async () => {
  const sizes = new Map<string, number>();
  for (const operation of document.operations.filter(({ method }) => method === 'GET')) {
    const answer = await call(operation, company, ids, undefined, everything(operation));
    sizes.set(`${operation.path} ${answer.status}`, Buffer.byteLength(answer.text));
  }
  expect(sizes.size).toBeGreaterThan(50);
  // Of these everything is streamed.
  const whole = /\/(access-review|diff) /;
  const tooLarge = [...sizes].filter(([path, bytes]) => bytes > MOST_BYTES && !whole.test(path));
  expect(tooLarge).toEqual([]);
  expect([...sizes.keys()].filter((path) => / 5\d\d$/.test(path))).toEqual([]);
});

/** Expects a list within an answer that is cut, and says how long it is. */
function expectCut(answer: Answer, name: string, link: string, ...path: (string | number)[]): void {
  expect(answer.status).toBe(200);
  const data = pick(answer, 'data', ...path) as Record<string, unknown>;
  expect(data[name]).toHaveLength(EMBEDDED);
  expect(data[`${name}_total`]).toBeGreaterThan(EMBEDDED);
  expect(data[`${name}_link`]).toBe(link);
}

test('T063 T202 P6 P12 a list within an answer is cut, says how long it is, and where the whole is', async () => {
  const { userId, groupId, roleId, clientId } = ids;
  expectCut(await v1('GET', `/groups/${groupId}?full=true`), 'members', `/groups/${groupId}/users`);
  const query = `full=true&external_id=${externalId}`;
  expectCut(await v1('GET', `/groups?${query}`), 'members', `/groups/${groupId}/users`, 'groups', 0);
  expectCut(await v1('GET', `/roles/${roleId}?full=true`), 'users', `/roles/${roleId}/users`);
  const user = await v1('GET', `/users/${userId}?full=true`);
  const users = await v1('GET', `/users?${query}&include_roles=true&include_groups=true`);
  for (const [name, part] of [
    ['groups', 'groups'],
    ['roles', 'roles'],
    ['tab_instances', 'tab-instances'],
  ] as const) {
    expectCut(user, name, `/users/${userId}/${part}`);
    expectCut(users, name, `/users/${userId}/${part}`, 'users', 0);
  }
  expectCut(await v1('GET', `/users/${userId}/roles`), 'roles', `/users/${userId}/roles`);
  for (const [answer, path] of [
    [await v1('GET', `/clients/${clientId}?full=true`), []],
    [await v1('GET', `/clients?${query}`), ['clients', 0]],
  ] as const) {
    expectCut(answer, 'users', `/users?client_id=${clientId}`, ...path);
    expectCut(answer, 'share_rights', `/clients/${clientId}/share-rights`, ...path);
  }
});

interface Holder {
  readonly id: string;
  readonly roles: readonly string[];
  readonly roles_total?: number;
  readonly roles_link?: string;
}

test('a list of a page is cut by its own length, and by that of others only where the answer has no more room', async () => {
  const answer = await v1('GET', '/users?include_roles=true&include_groups=true&limit=1000');
  const users = pick(answer, 'data', 'users') as readonly Holder[];
  const place = users.findIndex(({ id }) => id === ids.userId);
  expect(users[place]?.roles).toHaveLength(EMBEDDED);
  expect(users[place + 1]).toMatchObject({ roles: [expect.any(String)] });
  expect(users[place + 1]).not.toHaveProperty('roles_total');
  expect(users.at(-1)).toMatchObject({
    ...{ roles: [], roles_total: EMBEDDED, roles_link: `/users/${users.at(-1)?.id}/roles` },
  });
  for (const { roles, roles_total = roles.length, roles_link } of users) {
    expect(roles_total).toBeGreaterThan(0);
    expect(roles.length === roles_total).toBe(roles_link === undefined);
  }
});

test('the link of a cut list leads to the same account and the same moment', async () => {
  const { userId, groupId, roleId } = ids;
  const [, head] = (await v1('GET', '/users')).headers.get('muster-revision')?.split('@') ?? [];
  const asked = `client_id=${company.id}&as_of=${head}`;
  expectCut(
    await v1('GET', `/users/${userId}?full=true&${asked}`),
    'roles',
    `/users/${userId}/roles?${asked}`,
  );
  expectCut(await v1('GET', `/users/${userId}/roles?${asked}`), 'roles', `/users/${userId}/roles?${asked}`);
  const group = await v1('GET', `/groups/${groupId}?full=true&${asked}`);
  expectCut(group, 'members', `/groups/${groupId}/users?${asked}`);
  const role = await v1('GET', `/roles/${roleId}?full=true&${asked}`);
  expectCut(role, 'users', `/roles/${roleId}/users?${asked}`);
});

test('the mirror of the examples copies lists that are cut as a whole', async () => {
  const path = '../../examples/mirror.mjs';
  const { Mirror } = (await import(path)) as { Mirror: new (file: string, account: object) => Mirror };
  const copy = new Mirror(':memory:', { url: app.url, key: company.admin.key });
  await copy.bootstrap();
  const { permissions, assignments } = copy.rows();
  expect(permissions.filter(({ owner_id }) => owner_id === sharing)).toHaveLength(2_000);
  const held = assignments.filter(({ user_id }) => user_id === ids.userId);
  expect(held.length).toBeGreaterThan(EMBEDDED);
});

test('what is cut can be read by the page', async () => {
  const { userId, groupId } = ids;
  for (const [link, list] of [
    [`/groups/${groupId}/users`, 'users'],
    [`/users/${userId}/groups`, 'groups'],
    [`/users/${userId}/roles`, 'roles'],
  ] as const) {
    const pages = [
      await v1('GET', `${link}?limit=20&offset=0`),
      await v1('GET', `${link}?limit=20&offset=20`),
    ];
    const rows = pages.map((page) => pick(page, 'data', list) as { readonly id: string }[]);
    expect(new Set(rows.flat().map(({ id }) => id)).size).toBeGreaterThan(EMBEDDED);
  }
});

test('T301 a page of groups leaves out lists of permissions beyond 4 MB, and says how long they are', async () => {
  const answer = await company.call('GET', '/groups');
  const rows = answer.body as { permissions: readonly string[] | null; permissions_total?: number }[];
  const cut = rows.filter(({ permissions }) => permissions === null);
  expect(cut.length).toBeGreaterThan(0);
  expect(new Set(cut.map(({ permissions_total }) => permissions_total))).toEqual(new Set([2_000]));
  const whole = rows.filter(({ permissions }) => permissions?.length === 2_000);
  expect(whole.every((row) => !('permissions_total' in row))).toBe(true);
  expect(whole.length + cut.length).toBe(LARGE_GROUPS);
  expect(pick(await company.call('GET', `/groups/${sharing}`), 'permissions')).toHaveLength(2_000);
});

test('I8 what a user holds is refused when it is too much to be read at once; the profile says the rest', async () => {
  const { userId = '' } = ids;
  const path = `/users/${userId}/effective-permissions`;
  const refused = await company.call('GET', path);
  expect([refused.status, pick(refused, 'code')]).toEqual([409, 'answer_too_large']);
  const key = await company.key(userId);
  const profile = await app.v1(key)('GET', '/profile?full=true');
  expect(profile.status).toBe(200);
  expect(pick(profile, 'data')).toMatchObject({ permissions_cut: true, permissions: expect.any(Array) });
  expect(pick(profile, 'data', 'permissions')).toContain('dashboard.klip');
  expectRefusal(await app.v1(key)('GET', '/roles'), 401, 'access_denied');
});

test('I8 of one permission 100 sources are named, and how many there are', async () => {
  const user = await company.user();
  for (let n = 0; n < 101; n += 1) {
    const group = await company.group(['shared']);
    await company.call('PUT', `/groups/${group}/users/${user}`);
  }
  const answer = await company.call('GET', `/users/${user}/effective-permissions?limit=100`);
  const row = (answer.body as { permission: string; sources: object[]; sources_total?: number }[]).find(
    ({ permission }) => permission === 'shared',
  );
  expect([row?.sources.length, row?.sources_total]).toEqual([100, 101]);
});
