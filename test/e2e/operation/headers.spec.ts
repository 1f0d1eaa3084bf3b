import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminKey, type Answer, operatorKey } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { address, Company } from '../v2/company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

describe('X-Request-Id', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

  test.each([
    ['a read', 'GET', '/api/v2/groups', adminKey],
    ['a refusal', 'DELETE', '/api/v2/groups/unknown', adminKey],
    ['one without a credential', 'GET', '/api/1/users', undefined],
    ['an unknown address', 'GET', '/nothing', undefined],
    ['a path that is not valid', 'GET', '/api/v2/groups/%zz', adminKey],
    ['health', 'GET', '/health/ready', undefined],
    ['the document', 'GET', '/openapi.json', undefined],
  ])('is on the answer to %s, as it came or made', async (_, method, path, key) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const made = [await app.request(method, path, { headers }), await app.request(method, path, { headers })];
    const ids = made.map((answer) => answer.headers.get('x-request-id'));
    expect(ids).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)]);
    expect(ids[0]).not.toBe(ids[1]);
    const chosen = await app.request(method, path, {
      headers: { ...headers, 'x-request-id': 'mine-1.2:3_4' },
    });
    expect(chosen.headers.get('x-request-id')).toBe('mine-1.2:3_4');
  });

  test.each(['', 'x'.repeat(65), 'with blank', '{"a":1}', 'line\tbreak', 'ümlaut', '<script>'])(
    'that is not short and plain is replaced: %j',
    async (id) => {
      const answer = await app.request('GET', '/health/live', { headers: { 'x-request-id': id } });
      expect(answer.headers.get('x-request-id')).toMatch(uuid);
    },
  );
});

describe('Muster-Revision', () => {
  const revisionOf = ({ headers }: Answer, account = company.id) => {
    const [, revision] =
      new RegExp(`(?:^|, )${account}@(\\d+)(?:,|$)`).exec(headers.get('muster-revision') ?? '') ?? [];
    return Number(revision);
  };

  test('of a write is the revision it made, of a read the one it shows', async () => {
    const before = revisionOf(await company.call('GET', '/groups'));
    const created = await company.call('POST', '/groups', { name: 'New', permissions: [] });
    expect(revisionOf(created)).toBe(before + 1);
    for (const read of [
      await company.call('GET', '/account'),
      await app.v1()('GET', '/users'),
      await app.v1()('GET', '/roles'),
      await app.v1()('GET', '/profile'),
    ])
      expect(revisionOf(read)).toBe(before + 1);
  });

  test('of a write that records several events is the last of them', async () => {
    const before = revisionOf(await company.call('GET', '/account'));
    const email = address();
    const user = { first_name: 'A', last_name: 'B', email, roles: ['a0000000000000000000000000000003'] };
    expect(revisionOf(await app.v1()('POST', '/users', { ...user, password: 'password' }))).toBe(before + 3);
  });

  test('of a write that changes nothing, and of a refusal by a rule, is the present one', async () => {
    const path = `/groups/${await company.group()}`;
    const before = revisionOf(await company.call('GET', path));
    expect(revisionOf(await company.call('PUT', path, {}))).toBe(before);
    expect(revisionOf(await company.call('DELETE', `/groups/${await company.allUsersGroup()}`))).toBe(before);
  });

  test('names the account the answer is about', async () => {
    const client = await company.client();
    const answer = await company.call('GET', `/groups?client_id=${client}`);
    expect(answer.headers.get('muster-revision')).toBe(`${client}@0`);
    const other = await app.v2(operatorKey)('POST', '/companies', {
      ...{ name: 'New', admin: { first_name: 'A', last_name: 'B', email: address() } },
    });
    expect(other.headers.get('muster-revision')).not.toContain(company.id);
  });

  test('names every account an answer rests on, at most eight', async () => {
    const other = await Company.open(app);
    const clients: string[] = [];
    for (let n = 0; n < 3; n += 1) clients.push(await other.client());
    const list = () => app.v1(other.admin.key)('GET', '/clients');
    const few = await list();
    for (const account of [other.id, ...clients]) expect(revisionOf(few, account)).toBeGreaterThanOrEqual(0);
    for (let n = 0; n < 7; n += 1) await other.client();
    expect((await list()).headers.get('muster-revision')?.split(', ')).toHaveLength(8);
  });

  test('is not told to somebody without a credential', async () => {
    const answer = await app.request('GET', `/api/v2/groups?client_id=${company.id}`);
    expect(answer.headers.get('muster-revision')).toBeNull();
  });
});
