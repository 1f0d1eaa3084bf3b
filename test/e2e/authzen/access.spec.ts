import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem } from '../v2/company.js';
import { can, decisionOf, type Fixture, fixture, foundIn, post, record, user } from './scene.js';

/** What of the Authorization API is this service's own. */
let app: RunningApp;
let at: Fixture;

beforeAll(async () => {
  app = await RunningApp.start();
  at = await fixture(app);
});

afterAll(() => app.stop());

const about = (subject: string, action: string | object, resource = at.record1) => ({
  ...{ subject: user(subject), resource: record(resource) },
  action: typeof action === 'string' ? can(action) : action,
});

test('a decision names the way by which it is so, and a denial its reason', async () => {
  const { company, alice } = at;
  const group = await company.group(['fly']);
  await company.call('PUT', `/groups/${group}/users/${alice}`);
  const reason = async (body: object) => pick(await post(at, 'evaluation', body), 'context');
  expect(await reason(about(alice, 'fly'))).toEqual({
    ...{ reason: 'Held by the group Group', path: { type: 'group', id: group, name: 'Group' } },
  });
  expect(await reason(about(alice, 'read'))).toEqual({
    ...{ reason: 'Held individually', path: { type: 'individual', id: null, name: null } },
  });
  expect(await reason(about(company.admin.id, 'anything'))).toMatchObject({
    reason: 'Held by the role Admin',
  });
  expect(await reason(about(alice, 'swim'))).toEqual({ reason: 'The user does not hold this permission' });
  expect(await reason(about('nobody', 'read'))).toEqual({
    reason: 'There is no such user in this account',
  });
  for (const wrong of [
    { ...about(alice, 'read'), subject: { type: 'robot', id: alice } },
    { ...about(alice, 'read'), resource: { type: 'record', id: at.record1 } },
    about(alice, 'read', 'nowhere'),
    about(`${alice}\0`, 'read'),
    about(alice, '*'),
  ])
    expect(decisionOf(await post(at, 'evaluation', wrong))).toBe(false);
});

test('a client account is open to Admins, and to others by a share right, to look or to manage', async () => {
  const { company } = at;
  const client = await company.client();
  const { id } = await company.personWith('client.access', 'user.view');
  const looks = { name: 'user.view', properties: { method: 'GET' } };
  const decide = async (subject: string, action: string | object) =>
    decisionOf(await post(at, 'evaluation', about(subject, action, client)));
  expect(await decide(company.admin.id, 'user.view')).toBe(true);
  expect([await decide(id, looks), await decide(id, 'user.view')]).toEqual([false, false]);
  await company.share(client, false);
  expect([await decide(id, looks), await decide(id, 'user.view')]).toEqual([true, false]);
  await company.share(client, true);
  expect([await decide(id, looks), await decide(id, 'user.view')]).toEqual([true, true]);
  expect(await decide(id, 'user.manage')).toBe(false);
  const resources = { subject: user(id), action: can('user.view'), resource: { type: 'account' } };
  expect(foundIn(await post(at, 'search/resource', resources))).toEqual([at.record1, client]);
  const first = await post(at, 'search/resource', { ...resources, page: { limit: 1 } });
  expect(foundIn(first)).toEqual([at.record1]);
  const rest: unknown[] = [];
  for (let page = first; pick(page, 'page', 'next_token') !== '';) {
    page = await post(at, 'search/resource', {
      ...resources,
      page: { token: pick(page, 'page', 'next_token') },
    });
    rest.push(...foundIn(page));
  }
  expect(rest).toEqual([client]);
  const subjects = { subject: { type: 'user' }, action: can('user.view'), resource: record(client) };
  expect(foundIn(await post(at, 'search/subject', subjects))).toEqual([company.admin.id, id]);
  const actions = { subject: user(id), resource: record(client) };
  expect(foundIn(await post(at, 'search/action', actions))).toEqual(['client.access', 'user.view']);
});

test('the users of a client are the subjects below its own base; of a disabled one they may nothing', async () => {
  const { company } = at;
  const client = await company.client();
  const mine = await company.user({}, client);
  const asked = about(mine, 'account.profile', client);
  const below = { account: client };
  expect(decisionOf(await post(at, 'evaluation', asked, below))).toBe(true);
  expect(decisionOf(await post(at, 'evaluation', asked))).toBe(false);
  const changed = await app.v1(company.admin.key)('PUT', `/clients/${client}`, { status: 'disabled' });
  expect(changed.status).toBe(200);
  expect(pick(await post(at, 'evaluation', asked, below), 'context')).toEqual({
    ...{ reason: 'The account is disabled' },
  });
  const subjects = { subject: { type: 'user' }, action: can('account.profile'), resource: record(client) };
  expect(foundIn(await post(at, 'search/subject', subjects, below))).toEqual([]);
});

test('who may ask: anybody about oneself, others with user.view; of another company nobody', async () => {
  const { company, alice, record1 } = at;
  const key = await company.key(alice);
  expect(decisionOf(await post(at, 'evaluation', about(alice, 'read'), { key }))).toBe(true);
  const own = { subject: user(alice), action: can('read'), resource: { type: 'account' } };
  expect(foundIn(await post(at, 'search/resource', own, { key }))).toEqual([record1]);
  const of = (subject: string) => ({ subject: user(subject), resource: record(record1) });
  expect(foundIn(await post(at, 'search/action', of(alice), { key }))).toContain('read');
  const subjects = { subject: { type: 'user' }, action: can('read'), resource: record(record1) };
  for (const [path, body] of [
    ['evaluation', about(at.bob, 'read')],
    ['evaluations', { evaluations: [about(alice, 'read'), about(at.bob, 'read')] }],
    ['search/subject', subjects],
    ['search/resource', { ...own, subject: user(at.bob) }],
    ['search/action', of(at.bob)],
  ] as const)
    expectProblem(await post(at, path, body, { key }), 403, 'access_denied');
  const { admin } = await Company.open(app);
  for (const path of ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'])
    expectProblem(await post(at, path, about(alice, 'read'), { key: admin.key }), 404, 'client_not_found');
  const none = await app.request('POST', `/authzen/${record1}/access/v1/evaluation`, { body: own });
  expectProblem(none, 401, 'auth_not_provided');
});

test('POST /check answers one question or several for the account of the caller, or for a client', async () => {
  const { company, alice } = at;
  const one = await company.call('POST', '/check', about(alice, 'read'));
  expect(decisionOf(one)).toBe(true);
  expect(one.headers.get('muster-revision')).toBe(await company.revision());
  const several = { subject: user(alice), resource: record(at.record1) };
  const evaluations = [{ action: can('read') }, { action: can('swim') }];
  const answer = await company.call('POST', '/check', { ...several, evaluations });
  expect(pick(answer, 'evaluations', 0, 'decision')).toBe(true);
  expect(pick(answer, 'evaluations', 1, 'decision')).toBe(false);
  const client = await company.client();
  const mine = await company.user({}, client);
  const inClient = await company.call(
    ...(['POST', `/check?client_id=${client}`] as const),
    about(mine, 'account.profile', client),
  );
  expect(decisionOf(inClient)).toBe(true);
  expectProblem(await company.call('POST', '/check?as_off=1', about(alice, 'read')), 400, 'bad_request');
});

test('as_of answers as of then, and Muster-At-Least not before', async () => {
  const { company } = at;
  const joe = await company.user();
  const give = (permissions: string[]) => company.call('PUT', `/users/${joe}/permissions`, { permissions });
  const revision = (answer: { headers: Headers }) => answer.headers.get('muster-revision')?.split('@')[1];
  const given = revision(await give(['dive']));
  const taken = revision(await give([]));
  const decide = async (as_of: string | undefined) =>
    decisionOf(
      await post(
        at,
        'evaluation',
        about(joe, 'dive'),
        as_of === undefined ? {} : { query: `?as_of=${as_of}` },
      ),
    );
  expect([await decide(given), await decide(taken), await decide(undefined)]).toEqual([true, false, false]);
  const divers = { subject: { type: 'user' }, action: can('dive'), resource: record(at.record1) };
  const then = await post(at, 'search/subject', divers, { query: `?as_of=${given}` });
  expect(foundIn(then)).toContain(joe);
  expect(foundIn(await post(at, 'search/subject', divers))).not.toContain(joe);
  const atLeast = { headers: { 'muster-at-least': `${company.id}@${taken}` } };
  expect(decisionOf(await post(at, 'evaluation', about(joe, 'dive'), atLeast))).toBe(false);
  const resources = { subject: user(joe), action: can('dive'), resource: { type: 'account' } };
  const past = await post(at, 'search/resource', resources, { query: `?as_of=${given}` });
  expectProblem(past, 400, 'bad_request');
});

test('a token goes on with its own search alone, as of the moment of its first page', async () => {
  const { company } = at;
  const search = { subject: { type: 'user' }, action: can('account.profile'), resource: record(at.record1) };
  const first = await post(at, 'search/subject', { ...search, page: { limit: 2 } });
  const token = pick(first, 'page', 'next_token');
  const late = await company.user();
  const rest = foundIn(await post(at, 'search/subject', { ...search, page: { token, limit: 2 } }));
  expect(rest.length).toBeGreaterThan(0);
  expect(rest).not.toContain(late);
  for (const page of [
    { token, limit: 3 },
    { token: 'x' },
    { token: 5 },
    { limit: -1 },
    { limit: '1' },
    'all',
  ])
    expectProblem(await post(at, 'search/subject', { ...search, page }), 400, 'bad_request');
  const [limit, after, revision, seal] = JSON.parse(
    Buffer.from(String(token), 'base64url').toString(),
  ) as readonly unknown[];
  for (const forged of [
    [limit, after, 1, seal],
    [1_000_000, after, revision, seal],
    [limit, 0, revision, seal],
  ]) {
    const page = { token: Buffer.from(JSON.stringify(forged)).toString('base64url') };
    expectProblem(await post(at, 'search/subject', { ...search, page }), 400, 'bad_request');
  }
  const other = { ...search, action: can('read'), page: { token } };
  expectProblem(await post(at, 'search/subject', other), 400, 'bad_request');
});
