import { beforeEach, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addUser,
  openCompany,
  type Person,
  share,
  startService,
  unique,
  within,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal } from './expectations.js';
import { freshIds, isWrite, routes, send, statusOf } from './routes.js';

const app = await startService();
const home = await openCompany(app);
const { v1, v2 } = home.admin;
const scoped = routes.filter(({ isScoped }) => isScoped);

/** A caller of the company with these permissions, in a group of their own. */
async function member(...permissions: string[]): Promise<Person & { readonly group: string }> {
  const person = await addPerson(app, home.admin, permissions);
  const group = await addGroup(v1);
  await v1('PUT', `/users/${person.id}/groups/${group}`);
  return { ...person, group };
}

/** Two clients, one of them shared with both callers: that the other is not must make all the difference. */
const [looking, managing] = [await member('user.manage'), await member('user.manage')];
const [shared, unshared] = [await addClient(v1), await addClient(v1)];
await share(v1, shared, false, looking.group);
await share(v1, shared, true, managing.group);

let client: string;
beforeEach(async () => {
  client = await addClient(v1);
});

describe('Who reaches a client from its company', () => {
  it.each(scoped)('X55 T409: $method $path: without a share right it is 401', async (route) => {
    const ids = await freshIds(v1, route, unshared);
    const tried = () => send(managing.v1, route, ids, within(unshared));
    expectRefusal(await expectNothingRecorded(v1, tried, unshared), 401, 'access_denied');
  });

  it.each(scoped)('X55 T409: $method $path: can_manage for writes, any share for reads', async (route) => {
    const ids = await freshIds(v1, route, shared);
    if (isWrite(route)) {
      const tried = () => send(looking.v1, route, ids, within(shared));
      expectRefusal(await expectNothingRecorded(v1, tried, shared), 401, 'access_denied');
    } else expect((await send(looking.v1, route, ids, within(shared))).status).toBe(statusOf(route));
    expect((await send(managing.v1, route, ids, within(shared))).status).toBe(statusOf(route));
  });

  it('X55 T409: the same for client_id in the body', async () => {
    const body = { name: unique('Group'), client_id: shared };
    expectRefusal(await looking.v1('POST', '/groups', body), 401, 'access_denied');
    expect((await managing.v1('POST', '/groups', body)).status).toBe(201);
  });

  it('X55: Admins of the company reach every client, without a share', async () => {
    const boss = await addAdmin(app, home.admin);
    expect((await boss.v1('GET', `/users${within(client)}`)).status).toBe(200);
    expect((await boss.v1('POST', '/groups', { name: 'G', client_id: client })).status).toBe(201);
  });

  it('X55: a share right alone opens nothing: user.manage or client.access must be held at home', async () => {
    const guest = await member('group.view', 'client.edit', 'client.share');
    await share(v1, client, true, guest.group);
    expectRefusal(await guest.v1('GET', `/users${within(client)}`), 401, 'access_denied');
    const visitor = await member('client.access');
    await share(v1, client, true, visitor.group);
    expect((await visitor.v1('GET', `/users${within(client)}`)).status).toBe(200);
  });

  it('X77: All Users opens a client to everybody of the company who may reach clients', async () => {
    await share(v1, client, true);
    expect((await looking.v1('POST', '/groups', { name: 'G', client_id: client })).status).toBe(201);
  });

  it('T409: of several groups one that lets manage is enough', async () => {
    const write = () => managing.v1('POST', '/groups', { name: 'G', client_id: client });
    await share(v1, client, false);
    expectRefusal(await write(), 401, 'access_denied');
    await share(v1, client, true, managing.group);
    expect((await write()).status).toBe(201);
  });

  it('T409: ends with the share, the membership and the group', async () => {
    const caller = await member('user.manage');
    const write = () => caller.v1('POST', '/groups', { name: 'G', client_id: client });
    const read = () => caller.v1('GET', `/groups${within(client)}`);
    const ends = [
      `/clients/${client}/share-rights/${caller.group}`,
      `/users/${caller.id}/groups/${caller.group}`,
      `/groups/${caller.group}`,
    ];
    for (const end of ends) {
      await v1('PUT', `/users/${caller.id}/groups/${caller.group}`);
      await share(v1, client, true, caller.group);
      expect([(await read()).status, (await write()).status]).toEqual([200, 201]);
      await v1('DELETE', end);
      expectRefusal(await read(), 401, 'access_denied');
      expectRefusal(await write(), 401, 'access_denied');
    }
  });

  it('T409: less than before is less at once', async () => {
    const caller = await member('user.manage');
    await share(v1, client, true, caller.group);
    await share(v1, client, false, caller.group);
    expect((await caller.v1('GET', `/groups${within(client)}`)).status).toBe(200);
    const write = () => caller.v1('POST', '/groups', { name: 'G', client_id: client });
    expectRefusal(await expectNothingRecorded(v1, write, client), 401, 'access_denied');
  });

  it('section 3: the share right is judged after query and body, with client_id, and before other ids', async () => {
    const query = `client_id=${unshared}`;
    expectRefusal(await managing.v1('GET', `/users?limit=0&${query}`), 400, 'bad_request');
    expectRefusal(await managing.v1('POST', `/groups?${query}`, { name: 5 }), 400, 'bad_request');
    expectRefusal(await managing.v1('GET', `/users/unknown?${query}`), 401, 'access_denied');
    expectRefusal(await managing.v1('GET', '/users?client_id=unknown'), 404, 'client_not_found');
  });
});

it('X77: /clients/{id} and what is below it ask for the permission only', async () => {
  const caller = await addPerson(app, home.admin, ['client.access', 'client.edit', 'client.share']);
  const path = `/clients/${client}`;
  const body = { properties: { region: 'Nord' } };
  expect((await caller.v1('GET', `${path}?full=true`)).status).toBe(200);
  expect((await caller.v1('GET', `${path}/share-rights`)).status).toBe(200);
  expect((await caller.v1('PUT', `${path}/share-rights`, { groups: [] })).status).toBe(200);
  expect((await caller.v1('PUT', `${path}/properties`, body)).status).toBe(200);
  expectRefusal(await caller.v1('GET', `/users${within(client)}`), 401, 'access_denied');
});

describe('X91: what is in a client', () => {
  const inside = ['users', 'groups', 'share_rights'];
  const keysOf = async (caller: Person) => {
    const full = await caller.v1('GET', `/clients/${client}?full=true`);
    const listed = await caller.v1('GET', `/clients?external_id=${client}&full=true`);
    const objects = [pick(full, 'data'), pick(listed, 'data', 'clients', 0)];
    return objects.map((object) => Object.keys(object as object));
  };
  let visitor: Awaited<ReturnType<typeof member>>;

  beforeEach(async () => {
    visitor = await member('client.access');
    await v1('PUT', `/clients/${client}`, { external_id: client });
  });

  it('is not told to who holds client.access and does not reach it: facts are', async () => {
    const elsewhere = await addClient(v1);
    await share(v1, elsewhere, true, visitor.group);
    for (const keys of await keysOf(visitor)) {
      expect(keys).toEqual(expect.arrayContaining(['id', 'name', 'status', 'seats', 'last_sign_in']));
      for (const name of inside) expect(keys).not.toContain(name);
    }
    const full = await visitor.v1('GET', `/clients/${client}?full=true`);
    expect(pick(full, 'data', 'settings')).toEqual({});
  });

  it('is told to Admins and to who reaches it by a share right, for looking only as well', async () => {
    await share(v1, client, false, visitor.group);
    for (const caller of [visitor, await addAdmin(app, home.admin)])
      for (const keys of await keysOf(caller)) expect(keys).toEqual(expect.arrayContaining(inside));
  });

  it('is not told any more when the share right has ended', async () => {
    await share(v1, client, false, visitor.group);
    await v1('DELETE', `/clients/${client}/share-rights/${visitor.group}`);
    for (const keys of await keysOf(visitor)) for (const name of inside) expect(keys).not.toContain(name);
  });
});

describe('On v2', () => {
  const group = { name: 'New', permissions: [] };

  it.each([
    ['GET', undefined],
    ['POST', group],
  ])('X77: %s without a share right is 403, of an unknown client 404', async (method, body) => {
    const answer = await managing.v2(method, `/groups${within(unshared)}`, body);
    expect([answer.status, pick(answer, 'code')]).toEqual([403, 'access_denied']);
    const unknown = await managing.v2(method, '/groups?client_id=unknown', body);
    expect([unknown.status, pick(unknown, 'code')]).toEqual([404, 'client_not_found']);
  });

  it('T409: can_manage for writes, any share for reads', async () => {
    const user = await addUser(v1, {}, shared);
    expect((await looking.v2('GET', `/groups${within(shared)}`)).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/groups', group],
      ['POST', `/users/${user}/keys`, {}],
      ['PUT', `/users/${user}/permissions`, { permissions: [] }],
    ] as const) {
      const answer = await looking.v2(method, path + within(shared), body);
      expect([path, answer.status, pick(answer, 'code')]).toEqual([path, 403, 'access_denied']);
    }
    expect((await managing.v2('POST', `/groups${within(shared)}`, group)).status).toBe(201);
    expect((await v2('GET', `/account${within(unshared)}`)).status).toBe(200);
  });
});
