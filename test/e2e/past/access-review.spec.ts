import { beforeAll, expect, test } from '@jest/globals';
import { DirectoryPast } from '../../../src/audit/directory-past.js';
import { RunningApp } from '../../support/app.js';
import { type Answer, pick } from '../../support/api-client.js';
import { Company, expectProblem } from '../v2/company.js';
import { checkedExport } from '../v2/audit-scene.js';
import { startService } from '../../support/people.js';

const app = await startService();
let company: Company;
let jane: string;
let group: string;
/** The revision at which Jane came into the group, with a reason. */
let [joined, before] = [0, 0];

interface Cause {
  readonly revision: number;
  readonly time: string;
  readonly by: unknown;
  readonly reason: string | null;
}
interface Row {
  readonly user: { readonly id: string; readonly keys: readonly unknown[] };
  readonly permission: string;
  readonly sources: readonly { readonly type: string; readonly id: string | null; readonly since: Cause }[];
  readonly since: Cause;
}

const revisionOf = (answer: Answer) => Number(answer.headers.get('muster-revision')?.split('@')[1]);
const rowsOf = (answer: Answer) => {
  expect(answer.status).toBe(200);
  return answer.body as readonly Row[];
};
const because = (reason: string) => ({ headers: { 'muster-reason': reason } });

beforeAll(async () => {
  company = await Company.first(app);
  group = await company.group(['klip.edit', 'klip.view']);
  jane = await company.user({
    first_name: 'Jane',
    last_name: 'Doe',
    roles: [await company.role(['user.view'])],
  });
  before = revisionOf(await company.call('GET', '/account'));
  joined = revisionOf(await app.v2()('PUT', `/groups/${group}/users/${jane}`, {}, because('Ticket 812')));
});

test('has a row for each permission that a user holds, with its sources', async () => {
  const rows = rowsOf(await company.call('GET', '/access-review')).filter(({ user }) => user.id === jane);
  expect(rows.map(({ permission }) => permission)).toEqual(['user.view', 'klip.edit', 'klip.view']);
  const [, edit] = rows;
  const name = String(pick(await app.v1()('GET', `/users/${company.admin.id}`), 'data', 'first_name'));
  const since = {
    ...{ revision: joined, time: expect.stringMatching(/^\d{4}-.*Z$/), reason: 'Ticket 812' },
    by: { kind: 'user', id: company.admin.id, name: expect.stringContaining(name) },
  };
  expect(edit).toEqual({
    user: {
      ...{ id: jane, name: 'Jane Doe', email: expect.stringContaining('@'), last_sign_in: null, keys: [] },
    },
    permission: 'klip.edit',
    sources: [{ type: 'group', id: group, name: 'Group', since }],
    since,
  });
});

test('says of every user what their effective permissions say', async () => {
  const rows = rowsOf(await company.call('GET', '/access-review'));
  for (const id of new Set(rows.map(({ user }) => user.id))) {
    const effective = await company.call('GET', `/users/${id}/effective-permissions?limit=1000`);
    const told = rows
      .filter(({ user }) => user.id === id)
      .map(({ permission, sources }) => [permission, sources.map((one) => one.id)]);
    expect(told).toEqual(
      (effective.body as Row[]).map(({ permission, sources }) => [
        permission,
        sources.map((one) => one.id ?? null),
      ]),
    );
  }
});

test('since of a row is that of the earliest of its sources', async () => {
  const second = await company.group(['klip.edit']);
  await company.call('PUT', `/groups/${second}/users/${jane}`);
  const rows = rowsOf(await company.call('GET', '/access-review'));
  const edit = rows.find(({ user, permission }) => user.id === jane && permission === 'klip.edit');
  expect(edit?.sources.map(({ id }) => id)).toEqual([group, second]);
  expect(edit?.since).toEqual(edit?.sources[0]?.since);
  await company.call('DELETE', `/groups/${second}`);
});

test('tells of a past moment what was held then', async () => {
  const permissionsAt = async (query: string) =>
    rowsOf(await company.call('GET', `/access-review${query}`))
      .filter(({ user }) => user.id === jane)
      .map(({ permission }) => permission);
  expect(await permissionsAt(`?as_of=${before}`)).toEqual(['user.view']);
  expect(await permissionsAt(`?as_of=${joined}`)).toEqual(['user.view', 'klip.edit', 'klip.view']);
  const then = await company.call('GET', `/access-review?as_of=${before}`);
  expect(then.headers.get('muster-revision')).toBe(`${company.id}@${before}`);
});

test('tells the keys of a user', async () => {
  const id = await company.user({ roles: [await company.role(['user.view'])] });
  await company.key(id);
  const row = rowsOf(await company.call('GET', '/access-review')).find(({ user }) => user.id === id);
  expect(row?.user.keys).toEqual([
    { id: expect.any(String), name: 'API key', created: expect.stringMatching(/Z$/), last_used: null },
  ]);
});

test('tells when a key was used last, of the present alone', async () => {
  const id = await company.user({ roles: [await company.role(['user.view'])] });
  const key = await company.key(id);
  const since = new Date().toISOString();
  // A key that is refused something is used as well.
  expect((await app.v2(key)('POST', '/groups', { name: 'Mine', permissions: [] })).status).toBe(403);
  const { headers } = await company.call('GET', '/account');
  const lastUsed = async (query = '') => {
    const rows = rowsOf(await company.call('GET', `/access-review${query}`));
    return rows
      .find(({ user }) => user.id === id)
      ?.user.keys.map((one) => Reflect.get(Object(one), 'last_used') as unknown);
  };
  const [used] = (await lastUsed()) ?? [];
  expect(String(used) >= since && String(used) <= new Date().toISOString()).toBe(true);
  expect((await app.v2(key)('GET', '/users/nobody/keys')).status).toBe(404);
  expect(await lastUsed()).toEqual([used]);
  expect(await lastUsed(`?as_of=${headers.get('muster-revision')?.split('@')[1]}`)).toEqual([null]);
});

test('comes whole, without a total beside it', async () => {
  const answer = await company.call('GET', '/access-review');
  expect(answer.headers.get('x-total-count')).toBeNull();
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
});

test('goes beyond what is asked for at a time', async () => {
  const many = await Company.open(app);
  const role = await many.role(['klip.edit']);
  const ids = [];
  for (let count = 0; count < 120; count += 1) ids.push(await many.user({ roles: [role] }));
  const rows = rowsOf(await many.call('GET', '/access-review'));
  expect([...new Set(rows.map(({ user }) => user.id))]).toEqual([many.admin.id, ...ids]);
});

test('as CSV has a line a source, no formulas, and a trailer', async () => {
  const names = { first_name: '=Jane', last_name: 'Doe' };
  const id = await company.user({ ...names, roles: [await company.role(['klip.edit'])] });
  const answer = await app.v2()('GET', '/access-review', undefined, { headers: { accept: 'text/csv' } });
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const { lines, trailer } = checkedExport(answer);
  expect(lines[0]).toBe(
    'user_id,user_name,user_email,permission,source_type,source_id,source_name,since,granted_by,reason',
  );
  const ofJane = lines.filter((line) => line.startsWith(`${jane},`));
  expect(ofJane).toHaveLength(3);
  expect(ofJane[1]).toMatch(/,klip\.edit,group,[^,]+,Group,[^,]+Z,[^,]+,Ticket 812$/);
  expect(lines.find((line) => line.startsWith(`${id},`))).toContain(`,'=Jane Doe,`);
  expect(trailer).toMatch(/^# count=\d+ first=- last=- sha256=[0-9a-f]{64}$/);
});

test('counts its lines in the trailer', async () => {
  const answer = await app.v2()('GET', '/access-review', undefined, { headers: { accept: 'text/csv' } });
  const { lines, trailer } = checkedExport(answer);
  expect(trailer).toContain(`# count=${lines.length - 1} `);
});

test.each(['as_of=x', 'as_of=999999', 'limit=5', 'nonsense=1'])('with %s is 400', async (query) => {
  expectProblem(await company.call('GET', `/access-review?${query}`), 400, 'bad_request');
});

test('needs a right to see users and one to read the log', async () => {
  for (const permissions of [['user.manage'], ['audit.read'], ['klip.edit']]) {
    const { key } = await company.personWith(...permissions);
    expectProblem(await company.call('GET', '/access-review', undefined, key), 403, 'access_denied');
  }
  for (const permissions of [
    ['user.view', 'audit.read'],
    ['user.manage', 'account.usage'],
  ]) {
    const { key } = await company.personWith(...permissions);
    expect((await company.call('GET', '/access-review', undefined, key)).status).toBe(200);
  }
});

test('is about the account that client_id names, also when it is closed since', async () => {
  const client = await company.client();
  const id = await company.user({ roles: [await company.role(['klip.edit'], client)] }, client);
  const open = revisionOf(await company.call('GET', `/account?client_id=${client}`));
  const users = (answer: Answer) => rowsOf(answer).map(({ user }) => user.id);
  expect(users(await company.call('GET', `/access-review?client_id=${client}`))).toEqual([id]);
  await app.v1()('DELETE', `/clients/${client}`);
  expectProblem(await company.call('GET', `/access-review?client_id=${client}`), 404, 'client_not_found');
  expect(users(await company.call('GET', `/access-review?client_id=${client}&as_of=${open}`))).toEqual([id]);
});

test('is given up when whoever asked has hung up', async () => {
  const { account, revision } = { account: company.id, revision: joined };
  const abort = new AbortController();
  const pieces = app.app.get(DirectoryPast).review({ account, revision }, true, abort.signal);
  abort.abort(new Error('hung up'));
  await expect(pieces.next()).rejects.toThrow('hung up');
});

test('of a log in a file is made on another thread, from what was written just before', async () => {
  const other = await RunningApp.start({ EVENT_STORE: 'sqlite' });
  try {
    const first = await Company.first(other);
    const role = await first.role(['klip.edit']);
    const id = await first.user({ roles: [role] });
    const rows = rowsOf(await first.call('GET', '/access-review'));
    expect(rows.filter(({ user }) => user.id === id)).toMatchObject([
      { permission: 'klip.edit', sources: [{ type: 'role', id: role, since: { by: { kind: 'user' } } }] },
    ]);
  } finally {
    await other.stop();
  }
});
