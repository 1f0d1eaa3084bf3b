import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addUser,
  openCompany,
  revision,
  startService,
  userFacts,
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const stranger = await openCompany(app);
const v1 = home.admin.v1;

const facts = { name: 'Acme', description: 'Since 2019', status: 'trial', seats: 5 };
const detail = async (client: string, query = '') =>
  pick(await v1('GET', `/clients/${client}${query}`), 'data');
const put = (client: string, body: object) => v1('PUT', `/clients/${client}`, body);
const inTurn = async (client: string, ...statuses: string[]) => {
  for (const status of statuses) expect((await put(client, { status })).body).toEqual(done);
};

describe('PUT /clients/{id}', () => {
  it('T408: changes what is sent, and it shows at once in detail and list', async () => {
    const client = await addClient(v1, { ...facts, external_id: 'crm-1' });
    const answer = await put(client, { description: 'Since 2020', seats: 2, custom_theme: 'dark' });
    expect([answer.status, answer.body]).toEqual([200, done]);
    expect(answer.headers.get('muster-revision')).toBe(await revision(v1, client));
    const changed = { ...facts, description: 'Since 2020', seats: 2 };
    const shown = { id: client, ...changed, last_sign_in: null, external_id: 'crm-1', custom_theme: 'dark' };
    expect(await detail(client)).toEqual(shown);
    const list = await v1('GET', '/clients?external_id=crm-1');
    expect(pick(list, 'data', 'clients', 0)).toEqual(shown);
  });

  it.each([null, ''])('T408: external_id %j clears it, custom_theme null the theme', async (nothing) => {
    const client = await addClient(v1, { ...facts, external_id: 'crm-2', custom_theme: 'dark' });
    await put(client, { external_id: nothing, custom_theme: null });
    expect(await detail(client)).toEqual({ id: client, ...facts, last_sign_in: null });
  });

  it('T408: what is there already, and nothing at all, records nothing', async () => {
    const client = await addClient(v1, facts);
    for (const body of [{}, facts, { external_id: null }, { id: 'x', last_sign_in: 'now', name: 'Acme' }])
      await expectNothingRecorded(
        v1,
        async () => expect((await put(client, body)).body).toEqual(done),
        client,
      );
  });

  it('T408: needs client.edit in the company', async () => {
    const client = await addClient(v1);
    const others = ['client.access', 'client.build', 'client.delete', 'user.manage', 'account.settings'];
    const caller = await addPerson(app, home.admin, others);
    const answer = await expectNothingRecorded(
      v1,
      () => caller.v1('PUT', `/clients/${client}`, { seats: 1 }),
      client,
    );
    expectRefusal(answer, 401, 'access_denied');
  });

  it('T408 X77: client.edit is enough, though it reaches nothing in the client', async () => {
    const client = await addClient(v1);
    const caller = await addPerson(app, home.admin, ['client.edit']);
    expect((await caller.v1('PUT', `/clients/${client}`, { seats: 1 })).status).toBe(200);
    expectRefusal(await caller.v1('GET', `/users${within(client)}`), 401, 'access_denied');
    expectRefusal(await caller.v1('GET', `/clients/${client}`), 401, 'access_denied');
    expectRefusal(await caller.v1('DELETE', `/clients/${client}`), 401, 'access_denied');
  });

  it("T408: the client's own admin does not change it", async () => {
    const client = await addClient(v1);
    const local = await addAdmin(app, home.admin, client);
    const before = await revision(v1, client);
    for (const [method, path, body] of [
      ['PUT', '', { seats: 100 }],
      ['PUT', '/resources', { resources: [{ name: 'company.seats', value: 100 }] }],
      ['POST', '/settings', { locale: 'de' }],
      ['POST', '/@/extend_trial'],
      ['DELETE', ''],
    ] as const)
      expectRefusal(await local.v1(method, `/clients/${client}${path}`, body), 404, 'client_not_found');
    expect(await revision(v1, client)).toBe(before);
    expect((await local.v2('PATCH', '/account', { name: 'Ours' })).status).toBe(200);
  });
});

describe('The status of a client', () => {
  it('T408: goes to and fro until it is active', async () => {
    const client = await addClient(v1, { status: 'setup' });
    await inTurn(client, 'trial', 'setup', 'disabled', 'trial', 'active', 'disabled', 'active');
    expect(await detail(client)).toHaveProperty('status', 'active');
  });

  it.each(['setup', 'trial'])('T408 X82: once active it cannot go to %s', async (status) => {
    const client = await addClient(v1);
    const turn = () => put(client, { name: 'Changed', status });
    expectRefusal(await expectNothingRecorded(v1, turn, client), 403, 'client_status_transition');
    await inTurn(client, 'disabled');
    expectRefusal(await expectNothingRecorded(v1, turn, client), 403, 'client_status_transition');
    expect(await detail(client)).not.toHaveProperty('name', 'Changed');
  });

  it('T408: is found by it in the list', async () => {
    const client = await addClient(v1, { status: 'setup' });
    const found = async (status: string) => ids(await v1('GET', `/clients?status=${status}`), 'clients');
    await put(client, { status: 'disabled' });
    expect(await found('disabled')).toContain(client);
    expect(await found('setup')).not.toContain(client);
  });
});

describe('The seats of a client', () => {
  const create = (client: string) => v1('POST', `/users${within(client)}`, userFacts());

  it('T225: are taken by users, and no user comes beyond them', async () => {
    const client = await addClient(v1, { seats: 1 });
    await addUser(v1, {}, client);
    expectRefusal(await expectNothingRecorded(v1, () => create(client), client), 403, 'seat_limit');
    await put(client, { seats: 2 });
    expect((await create(client)).status).toBe(201);
  });

  it('T225: may be fewer than users: those stay, nobody comes until there is room', async () => {
    const client = await addClient(v1);
    const [one, two] = [await addUser(v1, {}, client), await addUser(v1, {}, client)];
    expect((await put(client, { seats: 1 })).body).toEqual(done);
    expect(ids(await v1('GET', `/users${within(client)}`), 'users')).toEqual([one, two]);
    expect((await v1('PUT', `/users/${two}${within(client)}`, { first_name: 'Jo' })).status).toBe(200);
    expectRefusal(await create(client), 403, 'seat_limit');
    await v1('DELETE', `/users/${one}${within(client)}`);
    expectRefusal(await create(client), 403, 'seat_limit');
    await v1('DELETE', `/users/${two}${within(client)}`);
    expect((await create(client)).status).toBe(201);
  });
});

describe('DELETE /clients/{id}', () => {
  it('T408: the client is gone, from the list and its totals too', async () => {
    const { admin } = await openCompany(app);
    const [client, other] = [await addClient(admin.v1, { external_id: 'T408' }), await addClient(admin.v1)];
    const answer = await admin.v1('DELETE', `/clients/${client}`);
    expect([answer.status, answer.body]).toEqual([200, done]);
    expectRefusal(await admin.v1('GET', `/clients/${client}`), 404, 'client_not_found');
    const list = await admin.v1('GET', '/clients');
    expect([ids(list, 'clients'), pick(list, 'meta', 'total')]).toEqual([[other], 1]);
    expect(pick(await admin.v1('GET', '/clients?external_id=T408'), 'meta', 'total')).toBe(0);
  });

  it('T408: a second time it is 404, as is everything else about it', async () => {
    const client = await addClient(v1, { status: 'trial' });
    await v1('DELETE', `/clients/${client}`);
    for (const [method, path, body] of [
      ['DELETE', ''],
      ['PUT', '', { seats: 1 }],
      ['GET', '/resources'],
      ['PUT', '/resources', { resources: [] }],
      ['POST', '/settings', {}],
      ['POST', '/@/extend_trial'],
      ['POST', '/@/enable_direct_billing'],
    ] as const)
      expectRefusal(await v1(method, `/clients/${client}${path}`, body), 404, 'client_not_found');
    expectRefusal(await stranger.admin.v1('DELETE', `/clients/${client}`), 404, 'client_not_found');
  });

  it('T408: of two at once one is done', async () => {
    const client = await addClient(v1);
    const answers = await Promise.all([1, 2].map(() => v1('DELETE', `/clients/${client}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  it('T408: needs client.delete, and is for the company alone', async () => {
    const client = await addClient(v1);
    const caller = await addPerson(app, home.admin, ['client.edit', 'client.access', 'user.manage']);
    expectRefusal(await caller.v1('DELETE', `/clients/${client}`), 401, 'access_denied');
    expectRefusal(await stranger.admin.v1('DELETE', `/clients/${client}`), 401, 'access_denied');
    expectRefusal(await v1('DELETE', `/clients/${home.id}`), 404, 'client_not_found');
    const deleter = await addPerson(app, home.admin, ['client.delete']);
    expect((await deleter.v1('DELETE', `/clients/${client}`)).status).toBe(200);
  });

  it('T408: what was in it is not found: with client_id, without, in both versions', async () => {
    const client = await addClient(v1);
    const [user, group] = [await addUser(v1, {}, client), await addGroup(v1, {}, client)];
    await v1('DELETE', `/clients/${client}`);
    const { v2 } = home.admin;
    for (const path of ['/users', `/users/${user}`, '/groups', `/groups/${group}`, '/roles'])
      expectRefusal(await v1('GET', path + within(client)), 404, 'client_not_found');
    for (const path of ['/groups', `/groups/${group}`, '/account', `/users/${user}/keys`]) {
      const answer = await v2('GET', path + within(client));
      expect([answer.status, pick(answer, 'code')]).toEqual([404, 'client_not_found']);
    }
    expectRefusal(await v1('POST', `/groups${within(client)}`, { name: 'G' }), 404, 'client_not_found');
    expectRefusal(await v1('GET', `/users/${user}`), 404, 'user_not_found');
    expectRefusal(await v1('DELETE', `/groups/${group}`), 404, 'group_not_found');
    expect((await v2('GET', `/groups/${group}`)).status).toBe(404);
  });
});
