import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Execute } from '../../../src/application/execute.js';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { CommandsFor } from '../../support/commands.js';
import { Company, expectProblem, type Person } from '../v2/company.js';
import { routesWithoutPast, routesWithPast } from './routes.js';

let app: RunningApp;
let company: Company;
let member: string;
let group: string;
/** When the member was in the group, and when not yet. */
let [joined, before] = [0, 0];

const revisionOf = (answer: Answer) => Number(answer.headers.get('muster-revision')?.split('@')[1]);
const idsIn = (answer: Answer) => (answer.body as { id: string }[]).map(({ id }) => id);

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
  group = await company.group();
  member = await company.user();
  before = revisionOf(await company.call('GET', '/account'));
  joined = revisionOf(await company.call('PUT', `/groups/${group}/users/${member}`));
  await company.call('DELETE', `/groups/${group}/users/${member}`);
});

afterAll(() => app.stop());

test('the members of a group are those of the revision that as_of names, and the answer names it', async () => {
  const then = await company.call('GET', `/groups/${group}/users?as_of=${joined}`);
  expect(idsIn(then)).toEqual([member]);
  expect(then.headers.get('x-total-count')).toBe('1');
  expect(then.headers.get('muster-revision')).toBe(`${company.id}@${joined}`);
  const earlier = await company.call('GET', `/groups/${group}/users?as_of=${before}`);
  expect(idsIn(earlier)).toEqual([]);
  expect(idsIn(await company.call('GET', `/groups/${group}/users`))).toEqual([]);
});

test('a time means the last revision until then', async () => {
  const id = await company.group();
  const created = revisionOf(await company.call('GET', '/account'));
  const answer = await company.call('GET', `/groups/${id}?as_of=${new Date().toISOString()}`);
  expect(answer.status).toBe(200);
  expect(revisionOf(answer)).toBe(created);
});

test('a time may have an offset, with its plus sign encoded or not', async () => {
  const local = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 23)}+01:00`;
  for (const sent of [local, encodeURIComponent(local)])
    expect((await company.call('GET', `/account?as_of=${sent}`)).status).toBe(200);
});

test('a revision inside a command is answered as of the end of the command', async () => {
  const first = revisionOf(await company.call('GET', '/account')) + 1;
  const id = await company.user();
  const last = revisionOf(await company.call('GET', '/account'));
  expect(last).toBeGreaterThan(first);
  const answer = await app.v1()('GET', `/users/${id}?as_of=${first}`);
  expect(answer.status).toBe(200);
  expect(revisionOf(answer)).toBe(last);
});

test('what is gone is found as of then, what came later is not found', async () => {
  const gone = await company.group();
  const there = revisionOf(await company.call('GET', '/account'));
  await company.call('DELETE', `/groups/${gone}`);
  expect((await company.call('GET', `/groups/${gone}?as_of=${there}`)).status).toBe(200);
  expect((await app.v1()('GET', `/groups/${gone}?as_of=${there}`)).status).toBe(200);
  expectProblem(await company.call('GET', `/groups/${gone}`), 404, 'group_not_found');
  const later = await company.group();
  expectProblem(await company.call('GET', `/groups/${later}?as_of=${there}`), 404, 'group_not_found');
  const missing = await app.v1()('GET', `/groups/${later}?as_of=${there}`);
  expect([missing.status, pick(missing, 'meta', 'error_code')]).toEqual([404, 'group_not_found']);
});

test('v1 tells which id is missing then, also in a group that is gone now', async () => {
  const gone = await company.group();
  const there = revisionOf(await company.call('GET', '/account'));
  await company.call('DELETE', `/groups/${gone}`);
  const answer = await app.v1()('GET', `/groups/${gone}/default-tabs/none?as_of=${there}`);
  expect([answer.status, pick(answer, 'meta', 'error_code')]).toEqual([404, 'default_tab_not_found']);
});

test('v1 denies the id of another company as of when there was one, and knows none of before', async () => {
  const early = revisionOf(await company.call('GET', '/account'));
  const other = await Company.open(app);
  const foreign = await other.group();
  const late = revisionOf(await company.call('PATCH', '/account', { name: 'Renamed' }));
  const at = (revision: number) => app.v1()('GET', `/groups/${foreign}?as_of=${revision}`);
  expect((await at(late)).status).toBe(401);
  expect((await at(early)).status).toBe(404);
});

test('a lock is shown as it was at that time', async () => {
  const id = await company.user();
  const unlocked = revisionOf(await company.call('GET', '/account'));
  const [now, until] = [0, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
  await app.app.get(Execute).run(new CommandsFor(company.id).lock(id, until ?? '', now ?? ''));
  const locked = revisionOf(await company.call('GET', '/account'));
  expect(locked).toBeGreaterThan(unlocked);
  await company.call('DELETE', `/users/${id}/lock`);
  const shown = async (revision: number) =>
    pick(await app.v1()('GET', `/users/${id}?as_of=${revision}`), 'data', 'is_locked_out');
  expect([await shown(unlocked), await shown(locked)]).toEqual([false, true]);
});

describe('as_of', () => {
  test.each([
    ['', 'blank'],
    ['-1', 'a negative number'],
    ['1e3', 'no whole number'],
    ['yesterday', 'no time'],
    ['2026-02-30T00:00:00Z', 'no day of the calendar'],
    ['2026-03-03T14:02:00', 'a time without a zone'],
    ['99999999', 'a revision beyond the head'],
    ['3026-03-03T14:02:00Z', 'the future'],
    ['1996-03-03T14:02:00Z', 'before the account existed'],
    ['1&as_of=2', 'given twice'],
  ])('%j is 400: it is %s', async (value) => {
    const answer = await company.call('GET', `/groups?as_of=${value}`);
    expectProblem(answer, 400, 'bad_request');
    expect(pick(answer, 'detail')).toContain('as_of');
    const v1 = await app.v1()('GET', `/users?as_of=${value}`);
    expect([v1.status, pick(v1, 'meta', 'error_code')]).toEqual([400, 'bad_request']);
  });

  test('needs audit.read or account.usage besides the right of the route', async () => {
    const outsider = await company.personWith('user.manage');
    const readers = [
      await company.personWith('user.manage', 'audit.read'),
      await company.personWith('user.manage', 'account.usage'),
    ];
    const reader = await company.personWith('audit.read');
    const ask = ({ key }: Person) => company.call('GET', `/groups?as_of=${joined}`, undefined, key);
    const askV1 = ({ key }: Person) => app.v1(key)('GET', `/roles?as_of=${joined}`);
    expectProblem(await ask(outsider), 403, 'access_denied');
    expectProblem(await ask(reader), 403, 'access_denied');
    expect((await askV1(outsider)).status).toBe(401);
    expect((await askV1(reader)).status).toBe(401);
    for (const one of readers) {
      expect((await ask(one)).status).toBe(200);
      expect((await askV1(one)).status).toBe(200);
    }
    expect((await company.call('GET', '/groups', undefined, outsider.key)).status).toBe(200);
  });

  test('whoever may not ask hears so before what is wrong with it', async () => {
    const { key } = await company.personWith('user.manage');
    expectProblem(await company.call('GET', '/groups?as_of=x', undefined, key), 403, 'access_denied');
  });

  test('is ignored by the profile and by clients', async () => {
    expect((await app.v1()('GET', '/profile?as_of=x')).status).toBe(200);
    expect((await app.v1()('GET', '/clients?as_of=x')).status).toBe(200);
  });

  test('is there on every GET of the directory, and the document says so', async () => {
    const paths = await routesWithPast(app);
    const v2 = ['account', 'groups', 'groups/{groupId}', 'groups/{groupId}/users'];
    const ofUsers = ['permissions', 'effective-permissions', 'keys'].map((name) => `users/{userId}/${name}`);
    expect(paths.filter((path) => path.startsWith('/api/v2/'))).toEqual(
      expect.arrayContaining([...v2, ...ofUsers].map((path) => `/api/v2/${path}`)),
    );
    const without = await routesWithoutPast(app);
    expect(without.filter((path) => /^\/api\/1\.0\/(users|groups|roles)/.test(path))).toEqual([]);
  });
});

describe('The past of a closed client account', () => {
  let client: string;
  let clientGroup: string;
  let [open, closed] = [0, 0];

  beforeAll(async () => {
    client = await company.client();
    clientGroup = await company.group([], client);
    open = revisionOf(await company.call('GET', `/account?client_id=${client}`));
    expect((await app.v1()('DELETE', `/clients/${client}`)).status).toBe(200);
    closed = open + 1;
  });

  test('is readable by its company', async () => {
    const scope = `client_id=${client}&as_of=${open}`;
    expect((await company.call('GET', `/groups/${clientGroup}?${scope}`)).status).toBe(200);
    const v1 = await app.v1()('GET', `/groups/${clientGroup}?${scope}`);
    expect([v1.status, pick(v1, 'data', 'name')]).toEqual([200, 'Group']);
    const missing = await app.v1()('GET', `/groups/none?${scope}`);
    expect([missing.status, pick(missing, 'meta', 'error_code')]).toEqual([404, 'group_not_found']);
  });

  test('ends with its closing, as its present did', async () => {
    const scope = `client_id=${client}`;
    expectProblem(await company.call('GET', `/groups?${scope}&as_of=${closed}`), 404, 'client_not_found');
    expectProblem(await company.call('GET', `/groups?${scope}`), 404, 'client_not_found');
  });

  test('is hidden from another company and from those it was not shared with', async () => {
    const other = await Company.open(app);
    const path = `/groups?client_id=${client}&as_of=${open}`;
    expectProblem(await other.call('GET', path), 404, 'client_not_found');
    const { key } = await company.personWith('user.manage', 'audit.read', 'client.access');
    expectProblem(await company.call('GET', path, undefined, key), 403, 'access_denied');
  });
});
