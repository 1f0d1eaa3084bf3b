import { describe, expect, it } from '@jest/globals';
import { idOf, pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addUser,
  openCompany,
  startService,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal, ids, rowOf, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const stranger = await openCompany(app);
const v1 = home.admin.v1;

const facts = { name: 'Acme', description: 'Since 2019', status: 'trial', seats: 5 };
const detail = async (client: string, query = '') =>
  pick(await v1('GET', `/clients/${client}${query}`), 'data');

describe('POST /clients', () => {
  it('T408: answers only where the new client is, and it is there at once', async () => {
    const answer = await v1('POST', '/clients', { ...facts, custom_theme: 'dark', external_id: 'T408' });
    expect(answer.status).toBe(201);
    const id = idOf(answer);
    expect(answer.body).toEqual({ meta: { status: 201, success: true, location: `/clients/${id}` } });
    const more = { last_sign_in: null, custom_theme: 'dark', external_id: 'T408' };
    expect(await detail(id)).toEqual({ id, ...facts, ...more });
  });

  it('T408 X81: without anything but a name it is active, without limit of seats', async () => {
    const id = await addClient(v1, { name: 'Plain' });
    const defaults = { description: '', status: 'active', seats: -1, last_sign_in: null };
    expect(await detail(id)).toEqual({ id, name: 'Plain', ...defaults });
  });

  it('T408: null is the same as absent', async () => {
    const nothing = { description: null, seats: null, custom_theme: null, external_id: null };
    const id = await addClient(v1, { name: 'Plain', ...nothing });
    const defaults = { description: '', status: 'active', seats: -1, last_sign_in: null };
    expect(await detail(id)).toEqual({ id, name: 'Plain', ...defaults });
  });

  it.each(['setup', 'trial', 'active', 'disabled'])('T408: status %s', async (status) => {
    expect(await detail(await addClient(v1, { status }))).toHaveProperty('status', status);
  });

  it.each([
    {},
    { name: ' ' },
    { name: 'C', status: 'open' },
    { name: 'C', status: '' },
    { name: 'C', seats: -2 },
    { name: 'C', seats: '5' },
    { name: 'C', seats: 1.5 },
  ])('T408: %j is 400 and opens nothing', async (body) => {
    const before = (await v1('GET', '/clients')).body;
    expectRefusal(await expectNothingRecorded(v1, () => v1('POST', '/clients', body)), 400, 'bad_request');
    expect((await v1('GET', '/clients')).body).toEqual(before);
  });

  it('T408: needs client.build', async () => {
    const viewer = await addPerson(app, home.admin, ['client.access', 'client.edit', 'user.manage']);
    expectRefusal(await viewer.v1('POST', '/clients', facts), 401, 'access_denied');
  });

  it('T408: a client has no clients: its admin is 401', async () => {
    const client = await addClient(v1);
    const local = await addAdmin(app, home.admin, client);
    expectRefusal(await local.v1('POST', '/clients', facts), 401, 'access_denied');
    expect(rows(await local.v1('GET', '/clients'), 'clients')).toEqual([]);
  });
});

describe('GET /clients', () => {
  it('T408: rows are id, name, description, status, seats and last_sign_in', async () => {
    const id = await addClient(v1, facts);
    const answer = await v1('GET', '/clients');
    expect(answer.status).toBe(200);
    expect(rowOf(answer, 'clients', id)).toEqual({ id, ...facts, last_sign_in: null });
  });

  it('T408: those of another company are not there', async () => {
    const [ours, theirs] = [await addClient(v1), await addClient(stranger.admin.v1)];
    expect(ids(await v1('GET', '/clients'), 'clients')).toContain(ours);
    expect(ids(await v1('GET', '/clients'), 'clients')).not.toContain(theirs);
    expect(ids(await stranger.admin.v1('GET', '/clients'), 'clients')).toEqual([theirs]);
  });

  it('T408: status and external_id filter and combine with AND', async () => {
    const one = await addClient(v1, { status: 'setup', external_id: 'crm-1' });
    const other = await addClient(v1, { status: 'setup', external_id: 'crm-2' });
    const found = async (query: string) => ids(await v1('GET', `/clients?${query}`), 'clients');
    expect(await found('status=setup')).toEqual(expect.arrayContaining([one, other]));
    expect(await found('external_id=crm-2')).toEqual([other]);
    expect(await found('external_id=crm-2&status=setup')).toEqual([other]);
    expect(await found('external_id=crm-2&status=active')).toEqual([]);
    expectRefusal(await v1('GET', '/clients?status=open'), 400, 'bad_request');
  });

  it('T408: limit and offset cut the list, count and total describe it, filtered or not', async () => {
    const { admin } = await openCompany(app);
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1)
      made.push(await addClient(admin.v1, { status: i % 2 === 0 ? 'trial' : 'active' }));
    // Clients of the same millisecond stand by their ids.
    const all = ids(await admin.v1('GET', '/clients'), 'clients');
    expect(new Set(all)).toEqual(new Set(made));
    const page = await admin.v1('GET', '/clients?limit=2&offset=1');
    expect(ids(page, 'clients')).toEqual(all.slice(1, 3));
    expect(pick(page, 'meta')).toEqual({ status: 200, success: true, count: 2, total: 5 });
    const trials = await admin.v1('GET', '/clients?limit=2&offset=2&status=trial');
    const onTrial = new Set<unknown>([made[0], made[2], made[4]]);
    expect(ids(trials, 'clients')).toEqual(all.filter((id) => onTrial.has(id)).slice(2));
    expect(pick(trials, 'meta')).toEqual({ status: 200, success: true, count: 1, total: 3 });
  });

  it('T408: full=true adds users, groups and share_rights with external_id, and is ignored without', async () => {
    const client = await addClient(v1, { external_id: 'T408-full' });
    const [user, group] = [await addUser(v1, {}, client), await addGroup(v1, {}, client)];
    const [row] = rows(await v1('GET', '/clients?external_id=T408-full&full=true'), 'clients');
    expect(row).toMatchObject({ id: client, users: [{ id: user }], share_rights: [] });
    expect((row?.['groups'] as { id: string }[]).map(({ id }) => id)).toContain(group);
    expect((await v1('GET', '/clients?full=true')).body).toEqual((await v1('GET', '/clients')).body);
  });

  it('T408: needs client.access', async () => {
    const manager = await addPerson(app, home.admin, ['user.manage', 'client.build']);
    expectRefusal(await manager.v1('GET', '/clients'), 401, 'access_denied');
    expectRefusal(await manager.v1('GET', `/clients/${await addClient(v1)}`), 401, 'access_denied');
  });
});

describe('GET /clients/{id}', () => {
  it('T408: external_id and custom_theme are there only when there are some', async () => {
    const shown = await detail(await addClient(v1));
    expect(shown).not.toHaveProperty('external_id');
    expect(shown).not.toHaveProperty('custom_theme');
    expect(shown).toHaveProperty('seats');
  });

  it('T408: full=true adds users, groups and share_rights', async () => {
    const client = await addClient(v1);
    const user = await addUser(v1, {}, client);
    expect(await detail(client, '?full=true')).toMatchObject({
      ...{ users: [{ id: user, first_name: 'Jane' }], share_rights: [] },
      groups: [{ name: 'All Users' }],
    });
    expect(await detail(client)).not.toHaveProperty('users');
  });

  it('T408 X77: client.access is enough', async () => {
    const client = await addClient(v1);
    const caller = await addPerson(app, home.admin, ['client.access']);
    expect(pick(await caller.v1('GET', `/clients/${client}`), 'data', 'id')).toBe(client);
  });

  it('T408 X10: unknown is 404, the own company is no client, a foreign one is 401', async () => {
    expectRefusal(await v1('GET', '/clients/unknown'), 404, 'client_not_found');
    expectRefusal(await v1('GET', `/clients/${home.id}`), 404, 'client_not_found');
    expectRefusal(await v1('GET', `/clients/${await addClient(stranger.admin.v1)}`), 401, 'access_denied');
    expectRefusal(await v1('GET', `/clients/${stranger.id}`), 401, 'access_denied');
  });
});
