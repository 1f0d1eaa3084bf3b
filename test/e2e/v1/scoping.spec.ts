import { describe, expect, it } from '@jest/globals';
import { idOf, pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addRole,
  addUser,
  openCompany,
  startService,
  userFacts,
  VIEW_ONLY,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids } from './expectations.js';
import { freshIds, isWrite, routes, send, statusOf } from './routes.js';

const app = await startService();
const home = await openCompany(app);
const stranger = await openCompany(app);
const v1 = home.admin.v1;
const client = await addClient(v1);
const foreignClient = await addClient(stranger.admin.v1);
/** A company of which a list is one page, whatever the routes above have made. */
const calm = (await openCompany(app)).admin.v1;
const clientOfCalm = await addClient(calm);

const scoped = routes.filter(({ isScoped }) => isScoped);
const withBody = scoped.filter(({ body }) => body);

/** The account an answer speaks of. */
const accountOf = ({ headers }: { headers: Headers }) => headers.get('muster-revision')?.split('@')[0];

describe('The scope of a request', () => {
  it.each(scoped)(
    'T030 T031 X21: $method $path without client_id is about the own company',
    async (route) => {
      const answer = await send(v1, route, await freshIds(v1, route));
      expect(answer.status).toBe(statusOf(route));
      expect(accountOf(answer)).toBe(home.id);
    },
  );

  it.each(scoped)('T041 T042 T104 X5: $method $path?client_id= works inside the client', async (route) => {
    const inClient = await freshIds(v1, route, client);
    const answer = await expectNothingRecorded(v1, () => send(v1, route, inClient, `?client_id=${client}`));
    expect(answer.status).toBe(statusOf(route));
    expect(accountOf(answer)).toBe(client);
  });

  it.each(withBody)('T039 X4 X60: $method $path takes client_id in the body', async (route) => {
    const inClient = await freshIds(v1, route, client);
    const body = (names: typeof inClient) => ({ ...route.body?.(names), client_id: client });
    const answer = await expectNothingRecorded(v1, () => send(v1, { ...route, body }, inClient));
    expect(answer.status).toBe(statusOf(route));
    expect(accountOf(answer)).toBe(client);
  });

  it('T030: the own company may be named, too', async () => {
    expect(accountOf(await v1('GET', `/groups?client_id=${home.id}`))).toBe(home.id);
  });
});

describe('A client_id that is not', () => {
  it.each(scoped)('T043 T044: $method $path: unknown is 404, foreign is 401', async (route) => {
    const own = await freshIds(v1, route);
    const answers = await expectNothingRecorded(v1, async () => ({
      unknown: await send(v1, route, own, '?client_id=unknown'),
      foreign: await send(v1, route, own, `?client_id=${foreignClient}`),
      company: await send(v1, route, own, `?client_id=${stranger.id}`),
    }));
    expectRefusal(answers.unknown, 404, 'client_not_found');
    expectRefusal(answers.foreign, 401, 'access_denied');
    expectRefusal(answers.company, 401, 'access_denied');
  });

  it.each(withBody)('T043 T044: $method $path: the same in the body', async (route) => {
    const own = await freshIds(v1, route);
    const naming = (client_id: string) => () => ({ ...route.body?.(own), client_id });
    const answers = await expectNothingRecorded(v1, async () => ({
      unknown: await send(v1, { ...route, body: naming('unknown') }, own),
      foreign: await send(v1, { ...route, body: naming(foreignClient) }, own),
    }));
    expectRefusal(answers.unknown, 404, 'client_not_found');
    expectRefusal(answers.foreign, 401, 'access_denied');
  });

  it.each(withBody)('T046 X4: $method $path: query and body must agree', async (route) => {
    const inClient = await freshIds(v1, route, client);
    const body = (client_id: string) => () => ({ ...route.body?.(inClient), client_id });
    const query = `?client_id=${client}`;
    const differing = await expectNothingRecorded(
      v1,
      () => send(v1, { ...route, body: body(home.id) }, inClient, query),
      client,
    );
    expectRefusal(differing, 400, 'bad_request');
    expect((await send(v1, { ...route, body: body(client) }, inClient, query)).status).toBeLessThan(300);
  });

  it.each(scoped)('X81: $method $path: blank or repeated in the query is 400', async (route) => {
    const own = await freshIds(v1, route);
    for (const query of ['?client_id=', '?client_id=%20', `?client_id=${client}&client_id=${client}`]) {
      const answer = await expectNothingRecorded(v1, () => send(v1, route, own, query));
      expectRefusal(answer, 400, 'bad_request');
    }
  });
});

describe('Lists and things of a client', () => {
  const [v1, client] = [calm, clientOfCalm];

  it("T032: GET /groups?client_id=C returns only C's groups", async () => {
    const [ours, theirs] = [await addGroup(v1), await addGroup(v1, {}, client)];
    expect(ids(await v1('GET', `/groups?client_id=${client}`), 'groups')).toContain(theirs);
    expect(ids(await v1('GET', `/groups?client_id=${client}`), 'groups')).not.toContain(ours);
    expect(ids(await v1('GET', '/groups'), 'groups')).toContain(ours);
    expect(ids(await v1('GET', '/groups'), 'groups')).not.toContain(theirs);
  });

  it("T033 T184 X21: GET /users?client_id=C returns only C's users", async () => {
    const [ours, theirs] = [await addUser(v1), await addUser(v1, {}, client)];
    expect(ids(await v1('GET', `/users?client_id=${client}`), 'users')).toContain(theirs);
    expect(ids(await v1('GET', `/users?client_id=${client}`), 'users')).not.toContain(ours);
    expect(ids(await v1('GET', '/users'), 'users')).toContain(ours);
    expect(ids(await v1('GET', '/users'), 'users')).not.toContain(theirs);
  });

  it("T034 T035: the company's group is 404 with client_id and 200 without", async () => {
    const group = await addGroup(v1);
    expectRefusal(await v1('GET', `/groups/${group}?client_id=${client}`), 404, 'group_not_found');
    expect((await v1('GET', `/groups/${group}`)).status).toBe(200);
  });

  it("T036: a client's group is 404 without client_id", async () => {
    const group = await addGroup(v1, {}, client);
    expectRefusal(await v1('GET', `/groups/${group}`), 404, 'group_not_found');
    expect(pick(await v1('GET', `/groups/${group}?client_id=${client}`), 'data', 'id')).toBe(group);
  });

  it.each([
    ['T037', '/groups', 'groups', () => ({ name: 'New Client Group' })],
    ['T038 T215', '/users', 'users', () => userFacts()],
  ])('%s: POST %s with client_id in the body creates in the client alone', async (_, path, name, facts) => {
    const created = await v1('POST', path, { ...facts(), client_id: client });
    expect(created.status).toBe(201);
    expect(ids(await v1('GET', `${path}?client_id=${client}`), name)).toContain(idOf(created));
    expect(ids(await v1('GET', path), name)).not.toContain(idOf(created));
  });

  it('T039: PUT /groups/{id} with client_id in the body changes the group of the client', async () => {
    const group = await addGroup(v1, {}, client);
    await v1('PUT', `/groups/${group}`, { description: 'Updated client group', client_id: client });
    const read = await v1('GET', `/groups/${group}?client_id=${client}`);
    expect(pick(read, 'data', 'description')).toBe('Updated client group');
  });

  it("T040: DELETE /groups/{id}?client_id=C deletes C's group only", async () => {
    const [ours, theirs] = [await addGroup(v1), await addGroup(v1, {}, client)];
    expectRefusal(await v1('DELETE', `/groups/${ours}?client_id=${client}`), 404, 'group_not_found');
    expectRefusal(await v1('DELETE', `/groups/${theirs}`), 404, 'group_not_found');
    expect((await v1('DELETE', `/groups/${theirs}?client_id=${client}`)).body).toEqual(done);
    expectRefusal(await v1('GET', `/groups/${theirs}?client_id=${client}`), 404, 'group_not_found');
    expect((await v1('GET', `/groups/${ours}`)).status).toBe(200);
  });

  it("T144: a built-in role's users are those of the account in scope", async () => {
    const [ours, theirs] = [await addUser(v1), await addUser(v1, {}, client)];
    const path = `/roles/${VIEW_ONLY}/users`;
    expect(ids(await v1('GET', `${path}?client_id=${client}`), 'users')).toContain(theirs);
    expect(ids(await v1('GET', `${path}?client_id=${client}`), 'users')).not.toContain(ours);
    expect(ids(await v1('GET', path), 'users')).not.toContain(theirs);
  });
});

describe('Things of different accounts', () => {
  const mixed = routes.filter(
    (route) => isWrite(route) && /:user.*:(group|role)|:(group|role).*:user/.test(route.path),
  );

  it.each(mixed)('T045: $method $path: the one outside the scope is 404', async (route) => {
    const [ours, theirs] = [await freshIds(v1, route), await freshIds(v1, route, client)];
    const other = route.path.includes(':group') ? 'group' : 'role';
    const attempts = [
      [{ ...ours, user: theirs.user }, '', 'user_not_found'],
      [{ ...ours, [other]: theirs[other] }, '', `${other}_not_found`],
      [{ ...theirs, user: ours.user }, `?client_id=${client}`, 'user_not_found'],
      [{ ...theirs, [other]: ours[other] }, `?client_id=${client}`, `${other}_not_found`],
    ] as const;
    for (const [names, query, code] of attempts) {
      const answer = await expectNothingRecorded(v1, () =>
        expectNothingRecorded(v1, () => send(v1, route, names, query), client),
      );
      expectRefusal(answer, 404, code);
    }
  });

  it("T220 X31: a user of the company cannot be created with a client's role, nor the other way", async () => {
    const [ours, theirs] = [await addRole(v1), await addRole(v1, [], client)];
    expectRefusal(await v1('POST', '/users', userFacts({ roles: [theirs] })), 400, 'invalid_role');
    const inClient = userFacts({ roles: [ours], client_id: client });
    expectRefusal(await v1('POST', '/users', inClient), 400, 'invalid_role');
  });
});
