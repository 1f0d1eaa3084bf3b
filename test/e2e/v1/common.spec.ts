import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { addUser, openCompany, revision, startService, userFacts } from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal } from './expectations.js';
import {
  fill,
  freshIds,
  incompleteRoutes,
  isWrite,
  nobody,
  type Route,
  routes,
  send,
  statusOf,
} from './routes.js';

const app = await startService();
const { admin } = await openCompany(app);

const reads = routes.filter((route) => !isWrite(route));
const headers = { 'kf-api-key': admin.key };

describe('Both prefixes', () => {
  it.each(reads)('T001 X1: $method /api/1$path answers what /api/1.0$path answers', async (route) => {
    const path = fill(route.path, await freshIds(admin.v1, route));
    const long = await app.request('GET', `/api/1.0${path}`, { headers });
    const short = await app.request('GET', `/api/1${path}`, { headers });
    expect(long.status).toBe(200);
    expect(short.text).toBe(long.text);
  });

  it.each([...routes, ...incompleteRoutes])(
    'T001 X1: $method $path is under both',
    async ({ method, path }) => {
      for (const prefix of ['/api/1.0', '/api/1'])
        expectRefusal(await app.request(method, prefix + fill(path, nobody)), 401, 'auth_not_provided');
    },
  );

  it('T001 X1: what is written under one is read under the other', async () => {
    const body = userFacts({ first_name: 'Joan' });
    const created = await app.request('POST', '/api/1/users', { headers, body });
    expect(created.status).toBe(201);
    const read = await admin.v1('GET', String(pick(created, 'meta', 'location')));
    expect(pick(read, 'data', 'first_name')).toBe('Joan');
  });
});

describe('The envelope', () => {
  it.each(routes)('T002 T003 T004 T019: $method $path succeeds in it', async (route: Route) => {
    const answer = await send(admin.v1, route, await freshIds(admin.v1, route));
    expect(answer.status).toBe(statusOf(route));
    expect(pick(answer, 'meta')).toMatchObject({ status: answer.status, success: true });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(Object.keys(Object(pick(answer, 'meta')) as object)).not.toContain('error_code');
    expect(Object.keys(Object(pick(answer, 'meta')) as object)).not.toContain('error_desc');
  });

  it.each(routes.filter(({ path }) => path.includes(':')))(
    'T003 T005 X40: $method $path is refused in it',
    async (route) => {
      const answer = await send(admin.v1, route, nobody);
      expectRefusal(answer, 404, String(pick(answer, 'meta', 'error_code')));
    },
  );

  it.each([
    ['GET', '/nothing'],
    ['GET', ''],
    ['PATCH', '/users/x'],
    ['PUT', '/users'],
    ['DELETE', '/groups'],
    ['GET', '/users/x/y/z'],
    ['PROPFIND', '/users'],
    ['QUERY', '/users'],
  ])('X64: %s %s is unknown: 404 in it', async (method, path) => {
    for (const prefix of ['/api/1.0', '/api/1'])
      expectRefusal(await app.request(method, prefix + path, { headers }), 404, 'not_found');
  });
});

describe('Parameters', () => {
  it.each([
    '/users?include_roles=1',
    '/users?include_groups=yes',
    '/users?full=TRUE',
    '/groups?full=',
    '/clients?full=0',
    '/profile?full=on',
  ])('T013: %s is refused, booleans are "true" or "false"', async (path) => {
    expectRefusal(await admin.v1('GET', path), 400, 'bad_request');
  });

  it.each(reads)('T016: $method $path ignores query parameters it does not know', async (route) => {
    const ids = await freshIds(admin.v1, route);
    const plain = await send(admin.v1, route, ids);
    const extra = await send(admin.v1, route, ids, '?colour=red&colour=blue&__proto__=x&constructor=y&a[]=1');
    expect(extra.status).toBe(200);
    expect(extra.text).toBe(plain.text);
  });

  it.each(routes.filter(({ body }) => body))('T017: $method $path without JSON is 400', async (route) => {
    const ids = await freshIds(admin.v1, route);
    const path = fill(route.path, ids);
    const answer = await expectNothingRecorded(admin.v1, () =>
      admin.v1(route.method, path, undefined, { rawBody: 'name=Jane' }),
    );
    expectRefusal(answer, 400, 'bad_request');
  });
});

describe('A membership PUT', () => {
  const membershipRoutes = routes.filter(
    ({ method, path }) =>
      method === 'PUT' && /:user.*:group|:group.*:user|:role.*:user|:user.*:role/.test(path),
  );

  it.each(membershipRoutes)('T018 X81: $method $path takes bodies that say nothing', async (route) => {
    for (const rawBody of [undefined, '', ' \n', '{}', '[]', 'null']) {
      const ids = await freshIds(admin.v1, route);
      const before = await revision(admin.v1);
      const options = rawBody === undefined ? {} : { rawBody };
      const answer = await admin.v1('PUT', fill(route.path, ids), undefined, options);
      expect({ rawBody, status: answer.status }).toEqual({ rawBody, status: 200 });
      expect(await revision(admin.v1)).not.toBe(before);
    }
  });

  it('T018: the body [] adds no fields, sent as application/json', async () => {
    const route = { method: 'PUT', path: '/users/:user/groups/:group', isScoped: true } as const;
    const path = fill(route.path, await freshIds(admin.v1, route));
    expect((await admin.v1('PUT', path, [])).body).toEqual(done);
  });
});

describe('What is never answered', () => {
  it('T020: a password, its hash, or a key', async () => {
    const user = await addUser(admin.v1, { password: 'open-sesame-4711', external_id: 'T020' });
    const paths = [`/users/${user}?full=true`, '/users?full=true&external_id=T020', '/profile?full=true'];
    paths.push('/users?include_roles=true&include_groups=true', '/roles', '/groups');
    for (const path of paths) {
      const { status, text } = await admin.v1('GET', path);
      expect(status).toBe(200);
      expect(text).not.toMatch(/open-sesame-4711|password|scrypt|key_hash/);
      expect(text).not.toContain(admin.key);
    }
    const refused = await admin.v1(
      'POST',
      '/users',
      userFacts({ password: 'open-sesame-4711', roles: ['x'] }),
    );
    expectRefusal(refused, 400, 'invalid_role');
    expect(refused.text).not.toContain('open-sesame-4711');
  });
});
