import { expect, it } from '@jest/globals';
import { operatorKey, pick } from '../../support/api-client.js';
import { ADMIN, openCompany, revision, startService, userFacts } from '../../support/people.js';

const app = await startService();
const { admin } = await openCompany(app);
const evil = { origin: 'https://evil.example' };
const codeOf = (answer: Awaited<ReturnType<typeof admin.v1>>) => [
  ...[answer.status, pick(answer, 'code') ?? pick(answer, 'meta', 'error_code')],
];

it.each([evil, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])(
  'X89: no write of either API is done that a browser sends with %j',
  async (headers) => {
    const key = { ...headers, 'kf-api-key': admin.key };
    const bearer = { ...headers, authorization: `Bearer ${admin.key}` };
    const operator = { ...headers, authorization: `Bearer ${operatorKey}` };
    const before = await revision(admin.v1);
    const form = { 'content-type': 'text/plain' };
    const rawBody = JSON.stringify(userFacts({ roles: [ADMIN] }));
    for (const [method, path, options] of [
      ['POST', '/api/1.0/users', { headers: { ...key, ...form }, rawBody }],
      ['POST', '/api/1/groups', { headers: key, body: { name: 'G' } }],
      ['PUT', `/api/1/users/${admin.id}`, { headers: key, body: { first_name: 'Eve' } }],
      ['DELETE', `/api/1.0/users/${admin.id}`, { headers: key }],
      ['POST', `/api/1.0/users/${admin.id}/@/reset-password`, { headers: key }],
      ['POST', '/api/v2/groups', { headers: bearer, body: { name: 'G', permissions: [] } }],
      ['PATCH', '/api/v2/account', { headers: bearer, body: { name: 'Evil' } }],
      ['DELETE', `/api/v2/users/${admin.id}/lock`, { headers: bearer }],
      ['POST', '/api/v2/password', { headers, body: { token: 'x', password: 'y' } }],
      ['POST', '/api/v2/companies', { headers: operator, body: { name: 'Evil' } }],
    ] as const)
      expect([path, ...codeOf(await app.request(method, path, options))]).toEqual([path, 403, 'cross_site']);
    expect(await revision(admin.v1)).toBe(before);
  },
);

it('X89: it is refused before the credential is looked at', async () => {
  const authorization = `Basic ${btoa('nobody@example.com:wrong')}`;
  expect(codeOf(await app.request('POST', '/api/1/groups', { headers: { ...evil, authorization } }))).toEqual(
    [...[403, 'cross_site']],
  );
});

it('X89 X65: programs send neither header; reads and pages of the service itself go on', async () => {
  const own = { origin: app.url, 'sec-fetch-site': 'same-origin' };
  expect((await admin.v1('POST', '/groups', undefined, { rawBody: '{"name":"G"}' })).status).toBe(201);
  expect((await admin.v1('POST', '/groups', { name: 'G' }, { headers: own })).status).toBe(201);
  expect(
    (await admin.v1('POST', '/groups', { name: 'G' }, { headers: { 'sec-fetch-site': 'none' } })).status,
  ).toBe(201);
  expect((await admin.v1('GET', '/users', undefined, { headers: evil })).status).toBe(200);
});

it('X89: who follows a link is asked for no password by the browser', async () => {
  // Not by fetch, which names a mode of its own.
  const challenge = async (mode: string) => {
    const headers = { 'sec-fetch-mode': mode };
    return (await app.app.inject({ url: '/api/1.0/users', headers })).headers['www-authenticate'];
  };
  expect(await challenge('navigate')).toBeUndefined();
  expect(await challenge('cors')).toMatch(/^Basic/);
});
