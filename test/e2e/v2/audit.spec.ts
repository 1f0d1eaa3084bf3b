import { beforeAll, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  type Company,
  EDITOR,
  giveKey,
  openCompany,
  share,
  startService,
} from '../../support/people.js';
import { entries, type Entry, entriesOf, openAdas, walk } from './audit-scene.js';

const app = await startService();
let company: Company;
let group: string;
let jane: string;
let added: Entry;

const because = { headers: { 'muster-reason': 'Ticket 812' } };

beforeAll(async () => {
  company = await openAdas(app);
  const { v1, v2 } = company.admin;
  group = await addGroup(v1, { name: 'Managers' });
  jane = await addUser(v1, { first_name: 'Jane', last_name: 'Doe' });
  await v2('PUT', `/groups/${group}/users/${jane}`, { can_edit: true }, because);
  [added] = (await entries(v2, '?type=UserAddedToGroup')) as [Entry];
});

describe('GET /audit', () => {
  it('tells who did what to whom, by which key, why, with before and after', async () => {
    const keys = await company.admin.v2('GET', `/users/${company.admin.id}/keys`);
    expect(added).toEqual({
      revision: expect.any(Number),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      ...{ outcome: 'succeeded', event: 'UserAddedToGroup' },
      summary: 'Ada Admin added Jane Doe to Managers',
      actor: { kind: 'user', id: company.admin.id, name: 'Ada Admin' },
      credential: { kind: 'api_key', id: pick(keys, 0, 'id'), name: 'First key' },
      ...{ via: 'v2', request_id: expect.any(String), command_id: expect.any(String) },
      ...{ reason: 'Ticket 812', category: 'membership', privileged: false },
      subjects: [
        { type: 'group', id: group, name: 'Managers' },
        { type: 'user', id: jane, name: 'Jane Doe' },
      ],
      changes: [
        { field: 'users', before: null, after: { id: jane, name: 'Jane Doe', can_edit: true } },
        { field: 'groups', before: null, after: { id: group, name: 'Managers', can_edit: true } },
      ],
      caused_by: null,
      source: { address: '127.0.0.1', user_agent: 'node' },
    });
  });

  it('is newest first, has every revision of the account, and nothing of another one', async () => {
    const all = await entries(company.admin.v2, '?limit=1000');
    expect(all.map(({ revision }) => revision)).toEqual(all.map((_, index) => all.length - 1 - index));
    expect(all.at(-1)?.event).toBe('CompanyOpened');
    const other = await openCompany(app);
    const foreign = await entries(other.admin.v2, `?subject=${jane}`);
    expect(foreign).toEqual([]);
  });

  it('shows a write at once, and its answer names the entry', async () => {
    const answer = await company.admin.v1('PUT', `/groups/${group}`, { description: 'New' });
    const path = String(answer.headers.get('muster-audit'));
    expect(path).toMatch(/^\/api\/v2\/audit\/\d+$/);
    const entry = await company.admin.v2('GET', path.replace('/api/v2', ''));
    expect(entry.body).toMatchObject({ event: 'GroupDescriptionChanged', category: 'update' });
    const again = await company.admin.v1('PUT', `/groups/${group}`, { description: 'New' });
    expect(again.headers.get('muster-audit')).toBeNull();
    expect((await company.admin.v1('GET', `/groups/${group}`)).headers.get('muster-audit')).toBeNull();
  });

  it('names everything as it was called then, also after renames and deletions', async () => {
    const { v1, v2 } = company.admin;
    const [crew, bob] = [await addGroup(v1, { name: 'Crew' }), await addUser(v1, { first_name: 'Bob' })];
    const person = await giveKey(app, company.admin, bob);
    await v1('PUT', `/users/${bob}/groups/${crew}`);
    await v1('PUT', `/groups/${crew}`, { name: 'Squad' });
    await v1('PUT', `/users/${bob}`, { last_name: 'Roe' });
    await v1('DELETE', `/groups/${crew}`);
    await v1('DELETE', `/users/${bob}`);
    const [told] = await entries(v2, `?type=UserAddedToGroup&user=${bob}`);
    expect(told?.summary).toBe('Ada Admin added Bob Doe to Crew');
    expect(told?.subjects.map(({ name }) => name)).toEqual(['Crew', 'Bob Doe']);
    const [gone] = await entries(v2, `?type=GroupDeleted&group=${crew}`);
    expect(gone?.summary).toBe('Ada Admin deleted the group Squad');
    expect(gone?.subjects.map(({ name }) => name)).toEqual(['Squad', 'Bob Roe']);
    expect(person.id).toBe(bob);
  });

  it('tells no secret', async () => {
    const { v1, v2 } = company.admin;
    await addUser(v1, { password: 'open sesame' });
    const { text } = await v2('GET', '/audit?limit=1000');
    expect(text).not.toMatch(/sesame|scrypt|_hash/);
    expect(text).not.toContain(company.admin.key);
  });

  it('in a client account has actors of the company with the name they had', async () => {
    const { v1, v2 } = company.admin;
    const client = await addClient(v1);
    const user = await addUser(v1, {}, client);
    const told = entriesOf(await v2('GET', `/audit?client_id=${client}&user=${user}`));
    expect(told[0]?.['actor']).toEqual({ kind: 'user', id: company.admin.id, name: 'Ada Admin' });
    expect(told[0]?.['credential']).toMatchObject({ kind: 'api_key', name: 'First key' });
    const answer = await v1('DELETE', `/users/${user}?client_id=${client}`);
    expect(answer.headers.get('muster-audit')).toMatch(
      new RegExp(`^/api/v2/audit/\\d+\\?client_id=${client}$`),
    );
  });
});

describe('Readers of the log', () => {
  it.each([['audit.read'], ['account.usage']])('hold %s', async (permission) => {
    const reader = await addPerson(app, company.admin, [permission]);
    for (const path of ['/audit', '/audit/0', '/audit/0/history', '/audit/stats?by=event'])
      expect([path, (await reader.v2('GET', path)).status]).toEqual([path, 200]);
    expect((await reader.v2('GET', `/users/${jane}/history`)).status).toBe(200);
  });

  it('are not those who hold anything else', async () => {
    const others = await addPerson(app, company.admin, ['user.manage', 'user.view', 'group.view']);
    const editor = await giveKey(app, company.admin, await addUser(company.admin.v1, { roles: [EDITOR] }));
    for (const { v2 } of [others, editor])
      for (const path of [
        '/audit',
        '/audit/0',
        '/audit/0/history',
        '/audit/stats?by=event',
        `/roles/x/history`,
      ])
        expect([path, (await v2('GET', path)).status]).toEqual([path, 403]);
    expect((await app.request('GET', '/api/v2/audit')).status).toBe(401);
  });

  it('of another company do not get at a client account', async () => {
    const client = await addClient(company.admin.v1);
    const other = await openCompany(app);
    expect((await other.admin.v2('GET', `/audit?client_id=${client}`)).status).toBe(404);
  });
});

describe('GET /audit/{revision}', () => {
  it('is one entry', async () => {
    const { v2 } = company.admin;
    expect((await v2('GET', `/audit/${added.revision}`)).body).toEqual(added);
  });

  it('is 404 for a revision that there is not, and for what is none', async () => {
    const { v2 } = company.admin;
    const future = await v2('GET', '/audit/999999');
    expect([future.status, pick(future, 'code')]).toEqual([404, 'entry_not_found']);
    for (const bad of ['-1', '1.5', 'x', '1e3']) expect((await v2('GET', `/audit/${bad}`)).status).toBe(404);
    expect((await v2('GET', `/audit/1?full=true`)).status).toBe(400);
  });
});

describe('Histories', () => {
  it('have everything that ever touched a thing, with the changes of that thing alone', async () => {
    const { v1, v2 } = company.admin;
    const told = entriesOf(await v2('GET', `/users/${jane}/history`));
    expect(told.map(({ event }) => event)).toEqual(['UserAddedToGroup', 'UserAddedToRole', 'UserCreated']);
    expect(told[0]?.changes).toEqual([
      { field: 'groups', before: null, after: { id: group, name: 'Managers', can_edit: true } },
    ]);
    const crew = await addGroup(v1, { name: 'Crew' });
    await v1('PUT', `/users/${jane}/groups/${crew}`);
    await v1('DELETE', `/groups/${crew}`);
    const [last] = entriesOf(await v2('GET', `/users/${jane}/history?limit=1`));
    expect(last).toMatchObject({ event: 'GroupDeleted' });
    expect(last?.changes).toEqual([
      { field: 'groups', before: { id: crew, name: 'Crew', can_edit: false }, after: null },
    ]);
    expect(entriesOf(await v2('GET', `/groups/${crew}/history`)).map(({ event }) => event)).toEqual([
      ...['GroupDeleted', 'UserAddedToGroup', 'GroupCreated'],
    ]);
  });

  it('of an entry are those of its first subject', async () => {
    const { v2 } = company.admin;
    const [ofEntry, ofGroup] = [
      await v2('GET', `/audit/${added.revision}/history`),
      await v2('GET', `/groups/${group}/history`),
    ];
    expect(ofEntry.body).toEqual(ofGroup.body);
  });

  it('of a client have what its company and it itself tell, newest first, also when it is closed', async () => {
    const { v1, v2 } = company.admin;
    const client = await addClient(v1);
    await share(v1, client, false, group);
    await v1('PUT', `/clients/${client}`, { description: 'New' });
    await v1('PUT', `/clients/${client}/properties`, { properties: { region: 'Nord' } });
    await addUser(v1, {}, client);
    await v1('DELETE', `/clients/${client}`);
    const path = `/clients/${client}/history`;
    const all = await walk(v2, path, 100);
    expect(all.map(({ event }) => event)).toEqual([
      ...['ClientClosed', 'ClientPropertiesSet', 'ClientDescriptionChanged', 'ClientShared', 'ClientOpened'],
    ]);
    for (const limit of [1, 2, 3]) expect(await walk(v2, path, limit)).toEqual(all);
    expect(all[3]?.changes).toEqual([{ field: 'can_manage', before: null, after: false }]);
    // X63: the company that has the client, or the client itself.
    for (const scope of [company.id, client])
      expect(await walk(v2, `${path}?client_id=${scope}`, 100)).toEqual(all);
    for (const scope of [await addClient(v1), 'nobody'])
      expect((await v2('GET', `${path}?client_id=${scope}`)).status).toBe(404);
    const closed = entriesOf(await v2('GET', `/audit?client_id=${client}`));
    expect(closed[0]).toMatchObject({ event: 'ClientClosed' });
    const reader = await addPerson(app, company.admin, ['audit.read']);
    expect((await reader.v2('GET', path)).status).toBe(403);
    const other = await openCompany(app);
    expect((await other.admin.v2('GET', path)).status).toBe(404);
    expect((await v2('GET', `${path}?cursor=x.y`)).status).toBe(400);
  });

  it('of what nobody knows are empty', async () => {
    const { v2 } = company.admin;
    for (const things of ['users', 'groups', 'roles'])
      expect((await v2('GET', `/${things}/nobody/history`)).body).toEqual({ entries: [], next_cursor: null });
  });
});
