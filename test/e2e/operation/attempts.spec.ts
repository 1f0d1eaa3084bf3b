import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunningApp } from '../../support/app.js';
import { attemptsIn } from '../../support/attempts.js';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  type Company,
  openCompany,
  startService,
  unique,
  userFacts,
} from '../../support/people.js';

const service = await startService();
let company: Company;
beforeEach(async () => {
  company = await openCompany(service);
});

function basic(name: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
const signIn = (name: string, password = 'a wrong one', app: RunningApp = service) =>
  app.request('GET', '/api/1.0/profile', { headers: { ...basic(name, password), 'user-agent': 'Probe/1' } });

describe('A known caller’s write that is refused', () => {
  test('stands in the journal with who, what, why not and from where', async () => {
    const viewer = await addPerson(service, company.admin, ['user.view', 'group.view']);
    const group = await addGroup(company.admin.v1, { name: 'Managers' });
    const headers = { 'user-agent': 'Probe/1', 'x-request-id': 'tried-1' };
    const answer = await viewer.v2('PATCH', `/groups/${group}`, { name: 'Mine' }, { headers });
    expect(answer.status).toBe(403);
    const at = Number(answer.headers.get('muster-revision')?.split('@')[1] ?? Number.NaN);
    expect(await attemptsIn(service, company.id)).toEqual([
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{32}$/), time: expect.stringMatching(/^20.*Z$/) },
        ...{
          at: Number.isNaN(at) ? expect.any(Number) : at,
          outcome: 'refused',
          event: null,
          revision: null,
        },
        ...{ route: 'PATCH /api/v2/groups/{id}', status: 403, code: 'access_denied' },
        actor: { kind: 'user', id: viewer.id, name: 'Jane Doe' },
        claimed: null,
        credential: { kind: 'api_key', id: expect.any(String), name: 'API key' },
        subjects: [{ type: 'group', id: group, name: 'Managers' }],
        ...{ repeated: 0, request_id: 'tried-1', source: { address: '127.0.0.1', user_agent: 'Probe/1' } },
      },
    ]);
  });

  test.each([
    [403, 'permission_escalation', 'PUT', '/users/{user}/permissions', { permissions: ['role.manage'] }],
    [404, 'user_not_found', 'POST', '/users/nobody/keys', {}],
    [404, 'group_not_found', 'DELETE', '/groups/nothing', undefined],
  ])('is there with %i %s', async (status, code, method, path, body) => {
    const editor = await addPerson(service, company.admin, ['user.manage', 'group.manage']);
    const user = await addUser(company.admin.v1);
    const answer = await editor.v2(method, path.replace('{user}', user), body);
    expect([answer.status, pick(answer, 'code')]).toEqual([status, code]);
    const [attempt] = await attemptsIn(service, company.id);
    expect(attempt).toMatchObject({ outcome: 'refused', status, code, actor: { id: editor.id } });
  });

  test('is there when v1 says 401 access_denied, 403 of a rule and 409, by the first spelling of its path', async () => {
    const viewer = await addPerson(service, company.admin, ['user.view']);
    const { key } = viewer;
    await service.request('DELETE', `/api/1/users/${viewer.id}`, { headers: { 'kf-api-key': key } });
    await company.admin.v1('DELETE', `/users/${company.admin.id}`);
    const email = `${unique('jim')}@example.com`;
    await addUser(company.admin.v1, { email });
    expect((await company.admin.v1('POST', '/users', userFacts({ email }))).status).toBe(409);
    const attempts = await attemptsIn(service, company.id, { order: 'asc' });
    expect(attempts.map(({ route, status, code }) => [route, status, code])).toEqual([
      ['DELETE /api/1.0/users/{id}', 401, 'access_denied'],
      ['DELETE /api/1.0/users/{id}', 403, 'cannot_delete_self'],
      ['POST /api/1.0/users', 409, 'email_in_use'],
    ]);
  });

  test('in a client account stands in that one’s journal, by client_id in the query or the body', async () => {
    const client = await addClient(company.admin.v1);
    await company.admin.v2('DELETE', `/groups/nothing?client_id=${client}`);
    const viewer = await addPerson(service, company.admin, ['group.view', 'client.access']);
    await viewer.v2('DELETE', `/groups/other?client_id=${client}`);
    await viewer.v2('POST', '/groups', { name: 'Mine', permissions: [], client_id: client });
    const routes = (await attemptsIn(service, client)).map(({ route }) => route);
    expect(routes).toEqual(['POST /api/v2/groups', ...Array<string>(2).fill('DELETE /api/v2/groups/{id}')]);
    expect(await attemptsIn(service, company.id)).toEqual([]);
  });

  test('that names a client of another company stands in the caller’s own journal, without a name of theirs', async () => {
    const other = await openCompany(service);
    const client = await addClient(other.admin.v1);
    const group = await addGroup(other.admin.v1);
    await company.admin.v2('DELETE', `/groups/${group}?client_id=${client}`);
    expect([await attemptsIn(service, client), await attemptsIn(service, other.id)]).toEqual([[], []]);
    const [attempt] = await attemptsIn(service, company.id);
    expect(attempt?.subjects).toEqual([{ type: 'group', id: group, name: null }]);
  });
});

describe('A read of the log', () => {
  test('without the right stands in the journal as refused, and so does one of the past', async () => {
    const viewer = await addPerson(service, company.admin, ['group.view']);
    for (const path of ['/audit', '/audit/0', '/audit/stats?by=hour', '/groups?as_of=0'])
      expect((await viewer.v2('GET', path)).status).toBe(403);
    expect((await viewer.v2('GET', '/groups')).status).toBe(200);
    const attempts = await attemptsIn(service, company.id, { order: 'asc' });
    expect(attempts.map(({ outcome, code, route }) => [outcome, code, route])).toEqual([
      ['refused', 'access_denied', 'GET /api/v2/audit'],
      ['refused', 'access_denied', 'GET /api/v2/audit/{revision}'],
      ['refused', 'access_denied', 'GET /api/v2/audit/stats'],
      ['refused', 'access_denied', 'GET /api/v2/groups'],
    ]);
  });

  test('that exports it stands in the journal as read; one of a page does not', async () => {
    await company.admin.v2('GET', '/audit');
    const headers = { accept: 'application/x-ndjson' };
    expect((await company.admin.v2('GET', '/audit', undefined, { headers })).status).toBe(200);
    // Its last bytes are here before it is over at the service.
    let attempts = await attemptsIn(service, company.id);
    while (attempts.length === 0) attempts = await attemptsIn(service, company.id);
    expect(attempts).toEqual([
      expect.objectContaining({
        ...{ outcome: 'read', status: 200, code: null, route: 'GET /api/v2/audit' },
        actor: { kind: 'user', id: company.admin.id, name: 'Ann Archer' },
      }),
    ]);
  });
});

test('An attempt is told of at the revision of its own moment, whatever past it asked about', async () => {
  const group = await addGroup(company.admin.v1);
  const viewer = await addPerson(service, company.admin, ['group.view']);
  await viewer.v2('GET', `/groups/${group}?as_of=1`);
  await company.admin.v2('GET', '/access-review?as_of=0');
  const { headers } = await company.admin.v2('GET', '/account');
  let attempts = await attemptsIn(service, company.id);
  while (attempts.length < 2) attempts = await attemptsIn(service, company.id);
  for (const { at } of attempts) expect(headers.get('muster-revision')).toBe(`${company.id}@${at}`);
});

test('Reads that are refused or find nothing, bad requests and what succeeds are no attempts', async () => {
  const viewer = await addPerson(service, company.admin, ['group.view']);
  expect((await viewer.v2('GET', '/users/nobody/keys')).status).toBe(403);
  expect((await company.admin.v2('GET', '/groups/nothing')).status).toBe(404);
  expect((await company.admin.v2('POST', '/groups', { name: 5 })).status).toBe(400);
  expect((await company.admin.v2('GET', '/account')).status).toBe(200);
  expect((await service.request('GET', '/api/v2/nothing')).status).toBe(404);
  expect(await attemptsIn(service, company.id)).toEqual([]);
});

describe('A failed sign-in', () => {
  test('stands in every account that has the address, which it tells', async () => {
    const other = await openCompany(service);
    const email = `${unique('pat')}@example.com`;
    for (const { admin } of [company, other]) await addUser(admin.v1, { email });
    expect((await signIn(email)).status).toBe(401);
    for (const { id } of [company, other]) {
      const [attempt, ...more] = await attemptsIn(service, id);
      expect(more).toEqual([]);
      expect(attempt).toMatchObject({
        ...{ outcome: 'failed', status: 401, code: 'auth_fail', actor: null, claimed: { email } },
        ...{ route: 'GET /api/1.0/profile', subjects: [], repeated: 0 },
        credential: { kind: 'password', id: null, name: null },
        source: { address: '127.0.0.1', user_agent: 'Probe/1' },
      });
    }
  });

  test('with an address that nobody has stands, hashed, in the account that it names', async () => {
    const email = `${unique('nobody')}@example.com`;
    await signIn(`${company.id}/${email}`);
    await signIn(`${company.id}/${email.toUpperCase()}`, 'another');
    const other = await openCompany(service);
    await signIn(`${other.id}/${email}`);
    const [attempt, ...more] = await attemptsIn(service, company.id);
    expect([attempt?.claimed, attempt?.repeated, more]).toEqual([
      { email_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ...[1, []],
    ]);
    expect((await attemptsIn(service, other.id))[0]?.claimed).not.toEqual(attempt?.claimed);
    expect(JSON.stringify(attempt)).not.toMatch(/nobody/i);
  });

  test('with an address that nobody has and no account is counted alone', async () => {
    const before = await lost('nowhere');
    await signIn(`${unique('nobody')}@example.com`);
    await signIn(`${'f'.repeat(32)}/${unique('nobody')}@example.com`);
    expect((await lost('nowhere')) - before).toBe(2);
  });
});

describe('A key that is none', () => {
  test('stands in the account that it names', async () => {
    const key = `mk_${company.id}_${'x'.repeat(43)}`;
    expect((await service.v2(key)('GET', '/account')).status).toBe(401);
    const [attempt] = await attemptsIn(service, company.id);
    expect(attempt).toMatchObject({ outcome: 'failed', code: 'auth_fail', actor: null, claimed: null });
    expect(attempt?.credential).toEqual({ kind: 'api_key', id: null, name: null });
    expect(JSON.stringify(attempt)).not.toContain('xxx');
  });

  test('stands there also when it is no key by its form', async () => {
    const headers = { authorization: `Bearer mk_${company.id}_mistyped`, 'user-agent': unique('form') };
    expect((await service.request('GET', '/api/v2/account', { headers })).status).toBe(401);
    const [attempt] = await attemptsIn(service, company.id);
    expect(attempt).toMatchObject({
      ...{ outcome: 'failed', code: 'auth_fail', claimed: null },
      source: { user_agent: headers['user-agent'] },
    });
    expect(JSON.stringify(attempt)).not.toContain('mistyped');
  });

  test('of no account is counted alone; no key at all is not even that', async () => {
    const before = await lost('nowhere');
    await service.v2('not-a-key')('GET', '/account');
    await service.request('GET', '/api/v2/account');
    expect((await lost('nowhere')) - before).toBe(1);
  });
});

test('Who signs in wrongly again and again is counted in one entry', async () => {
  const email = `${unique('pat')}@example.com`;
  await addUser(company.admin.v1, { email });
  for (let time = 0; time < 5; time += 1) await signIn(email, `wrong ${time}`);
  const [attempt, ...more] = await attemptsIn(service, company.id);
  expect([attempt?.repeated, more]).toEqual([4, []]);
});

async function lost(reason: string): Promise<number> {
  const { text } = await service.request('GET', '/metrics');
  return Number(new RegExp(`muster_attempts_lost_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1]);
}
