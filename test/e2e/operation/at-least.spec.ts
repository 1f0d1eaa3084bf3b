import { describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { mailedToken } from '../../support/password-tokens.js';
import { addClient, addPerson, openCompany, startService } from '../../support/people.js';

const app = await startService();
const home = await openCompany(app);
const stranger = await openCompany(app);
const { v1, v2 } = home.admin;
const client = await addClient(v1);
const foreign = await addClient(stranger.admin.v1);

const named = (...coordinates: string[]) => ({ headers: { 'Muster-At-Least': coordinates.join() } });
const codeOf = (answer: Answer) => [
  answer.status,
  pick(answer, 'code') ?? pick(answer, 'meta', 'error_code'),
];
const far = (account: string) => named(`${account}@999999`);

describe('X90: Muster-At-Least is honoured after authentication', () => {
  it.each([
    ['of a company', () => home.id],
    ['of nothing', () => 'f'.repeat(32)],
  ])('a caller without a credential learns no revision %s', async (_, account) => {
    const { headers } = far(account());
    expect(codeOf(await app.request('GET', '/api/v2/groups', { headers }))).toEqual([
      ...[401, 'auth_not_provided'],
    ]);
    expect(codeOf(await app.v2('wrong')('GET', '/groups', undefined, { headers }))).toEqual([
      401,
      'auth_fail',
    ]);
    expect(codeOf(await app.v1('wrong')('GET', '/users', undefined, { headers }))).toEqual([
      401,
      'auth_fail',
    ]);
    const basic = { ...headers, authorization: `Basic ${btoa('nobody@example.com:wrong')}` };
    expect(codeOf(await app.request('GET', '/api/1/users', { headers: basic }))).toEqual([401, 'auth_fail']);
  });

  it('on a route that is open to all nobody is authenticated, so it is ignored, malformed as well', async () => {
    const token = await mailedToken(app, home.id, home.admin.id);
    for (const header of [`${home.id}@999999`, 'x@y']) {
      const headers = { authorization: `Bearer ${token}`, 'Muster-At-Least': header };
      expect((await app.request('GET', '/api/v2/password', { headers })).status).toBe(200);
    }
  });

  it('a revision of the own account and of a client of it is waited for', async () => {
    for (const account of [home.id, client]) {
      expect(codeOf(await v2('GET', '/groups', undefined, far(account)))).toEqual([503, 'unavailable']);
      expect(codeOf(await v1('GET', '/users', undefined, far(account)))).toEqual([503, 'unavailable']);
      expect((await v2('GET', '/groups', undefined, named(`${account}@0`))).status).toBe(200);
    }
  });

  it('accounts of others are ignored, as are those that do not exist', async () => {
    for (const account of [stranger.id, foreign, 'f'.repeat(32)]) {
      expect((await v2('GET', '/groups', undefined, far(account))).status).toBe(200);
      expect((await v1('GET', '/users', undefined, far(account))).status).toBe(200);
    }
    const local = await addPerson(app, home.admin, ['user.manage'], client);
    expect((await local.v2('GET', '/groups', undefined, far(home.id))).status).toBe(200);
  });

  it('a malformed one is judged as any input: after the caller’s permission', async () => {
    const reader = await addPerson(app, home.admin, ['klip.edit']);
    expect(codeOf(await reader.v2('GET', '/groups', undefined, named('x@y')))).toEqual([
      403,
      'access_denied',
    ]);
    expect(codeOf(await app.v2('wrong')('GET', '/groups', undefined, named('x@y')))).toEqual([
      401,
      'auth_fail',
    ]);
    expect(codeOf(await v2('GET', '/groups', undefined, named('x@y')))).toEqual([400, 'bad_request']);
  });
});
