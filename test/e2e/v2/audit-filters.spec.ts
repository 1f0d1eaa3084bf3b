import { beforeAll, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addUser,
  type Company,
  giveKey,
  type Person,
  share,
  startService,
} from '../../support/people.js';
import { entries, openAdas, walk } from './audit-scene.js';

const app = await startService();
let company: Company;
let bob: Person;
let group: string;
let before: number;

const read = (query: string) => entries(company.admin.v2, query);
const events = async (query: string) => (await read(query)).map(({ event }) => event);

beforeAll(async () => {
  company = await openAdas(app);
  const { v1, v2 } = company.admin;
  const roles = ['a0000000000000000000000000000001'];
  bob = await giveKey(
    app,
    company.admin,
    await addUser(v1, { first_name: 'Bob', last_name: 'Bäcker', roles }),
  );
  group = await addGroup(v1, { name: 'Café Crew' });
  before = (await read('?limit=1'))[0]?.revision ?? 0;
  await bob.v2('PUT', `/groups/${group}/users/${bob.id}`, {}, { headers: { 'muster-reason': 'Ticket 812' } });
  await bob.v1('PUT', `/groups/${group}`, { name: 'Kitchen', description: 'They cook' });
  await v2('PUT', `/users/${bob.id}/permissions`, { permissions: ['audit.read'] });
  await v1('DELETE', `/groups/${group}`);
});

describe('Filters of the audit log', () => {
  it.each([
    ['type=GroupRenamed', ['GroupRenamed']],
    ['type=GroupRenamed,GroupDescriptionChanged', ['GroupDescriptionChanged', 'GroupRenamed']],
    ['type=GroupRenamed&type=GroupDeleted', ['GroupDeleted', 'GroupRenamed']],
    ['category=permission', ['UserPermissionsReplaced']],
    ['privileged=true&type!=UserAddedToRole', ['UserPermissionsReplaced']],
    ['via=v2&type!=UserPermissionsReplaced', ['UserAddedToGroup']],
    ['q=ticket', ['UserAddedToGroup']],
    ['q=TICK 812', ['UserAddedToGroup']],
    ['q=cafe&category=update', ['GroupRenamed']],
    ['q=backer kitchen', ['GroupDeleted', 'GroupDescriptionChanged', 'GroupRenamed']],
    ['q=nothing-of-the-kind', []],
    ['actor=nobody', []],
  ])('%s', async (query, expected) => {
    expect(await events(`?from=${before + 1}&${query}`)).toEqual(expected);
  });

  it('by ids: actor, subject, user, group, credential, command and request', async () => {
    const [joined] = await read('?type=UserAddedToGroup');
    if (!joined) throw new Error('There is no such entry');
    const { credential, command_id, request_id } = joined;
    const key = String(Reflect.get(Object(credential), 'id'));
    const from = `from=${before + 1}`;
    expect(await events(`?actor=${bob.id}&${from}`)).toHaveLength(3);
    expect(await events(`?actor!=${bob.id}&${from}`)).toEqual(['GroupDeleted', 'UserPermissionsReplaced']);
    expect(await events(`?actor=${bob.id}&actor=${company.admin.id}&${from}`)).toHaveLength(5);
    expect(await events(`?actor!=${bob.id}&actor!=${company.admin.id}&${from}`)).toEqual([]);
    expect(await events(`?user=${bob.id}&${from}`)).toEqual([
      ...['GroupDeleted', 'UserPermissionsReplaced', 'UserAddedToGroup'],
    ]);
    expect(await events(`?group=${group}&user=${bob.id}`)).toEqual(['GroupDeleted', 'UserAddedToGroup']);
    expect(await events(`?subject=${group}&subject!=${bob.id}&${from}`)).toHaveLength(2);
    expect(await events(`?credential=${key}&${from}`)).toHaveLength(3);
    expect(await events(`?credential!=api_key`)).toContain('CompanyOpened');
    expect(await events('?credential=operator_key&actor=operator&type=CompanyOpened')).toEqual([
      'CompanyOpened',
    ]);
    expect(await events(`?command_id=${String(command_id)}`)).toEqual(['UserAddedToGroup']);
    expect(await events(`?request_id=${String(request_id)}`)).toEqual(['UserAddedToGroup']);
  });

  it('by a range of revisions, or of times, both ends included', async () => {
    const all = await read('?limit=1000');
    const some = all.slice(2, 5);
    const [last, , first] = some;
    expect(await read(`?from=${first?.revision}&to=${last?.revision}`)).toEqual(some);
    const since = String(first?.['time']);
    const later = await read(`?from=${since}&limit=1000`);
    expect(later.every(({ time }) => String(time) >= since)).toBe(true);
    expect(later).toContainEqual(first);
    const until = await read(`?to=${since}&limit=1000&order=asc`);
    expect(until.every(({ time }) => String(time) <= since)).toBe(true);
    expect(until).toContainEqual(first);
    const local = '2000-01-01T01:00:00+01:00';
    for (const from of [local, encodeURIComponent(local), '2000-01-01T00:00:00Z', '0'])
      expect(await read(`?from=${from}&to=99999999&limit=1000`)).toEqual(all);
    expect(await read('?to=2000-01-01T00:00:00Z')).toEqual([]);
  });

  it('in either order, a page at a time, each entry once', async () => {
    const all = await read('?limit=1000');
    expect(await walk(company.admin.v2, '/audit', 3)).toEqual(all);
    expect(await walk(company.admin.v2, '/audit?order=asc', 4)).toEqual([...all].reverse());
  });

  it('a walk backwards shows what was there at its start', async () => {
    const { v1, v2 } = company.admin;
    const first = await v2('GET', '/audit?limit=2');
    await addGroup(v1);
    const next = await v2('GET', `/audit?limit=2&cursor=${String(pick(first, 'next_cursor'))}`);
    const revisions = [first, next].flatMap((page) =>
      [0, 1].map((n) => pick(page, 'entries', n, 'revision')),
    );
    const [newest] = revisions;
    expect(revisions).toEqual([0, 1, 2, 3].map((back) => Number(newest) - back));
  });

  it('fold=command has a row a command, with all its events', async () => {
    const [row, ...others] = await read(`?fold=command&type=GroupRenamed`);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ event: 'GroupDescriptionChanged', count: 2 });
    expect(row?.['revisions']).toEqual([(row?.revision ?? 0) - 1, row?.revision]);
    expect(row?.changes.map(({ field }) => field)).toEqual(['name', 'description']);
    const all = await read('?fold=command&limit=1000');
    expect(await walk(company.admin.v2, '/audit?fold=command', 2)).toEqual(all);
  });

  it('stats counts the same entries', async () => {
    const { v2 } = company.admin;
    const byEvent = await v2('GET', `/audit/stats?by=event&from=${before + 1}&actor=${bob.id}`);
    expect(byEvent.body).toHaveLength(3);
    const byActor = await v2('GET', `/audit/stats?by=actor&from=${before + 1}&to=${before + 5}`);
    expect(byActor.body).toEqual([
      { key: bob.id, name: 'Bob Bäcker', count: 3 },
      { key: company.admin.id, name: 'Ada Admin', count: 2 },
    ]);
    for (const by of ['hour', 'day', 'week', 'category']) {
      const counts = (await v2('GET', `/audit/stats?by=${by}`)).body as { key: string; count: number }[];
      const total = (await read('?limit=1000')).length;
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    }
  });
});

it('Histories of both sides of a membership or a share tell what changed between them; a page tells it once', async () => {
  const { v1, v2 } = company.admin;
  const [shared, client] = [await addGroup(v1), await addClient(v1)];
  const jim = await addUser(v1);
  await v2('PUT', `/groups/${shared}/users/${jim}`, { can_edit: false });
  await v2('PUT', `/groups/${shared}/users/${jim}`, { can_edit: true });
  await share(v1, client, true, shared);
  const changesIn = async (path: string, event: string) =>
    (await walk(v2, path, 100)).find((one) => one.event === event)?.changes;
  const edited = [{ field: 'can_edit', before: false, after: true }];
  for (const path of [`/users/${jim}/history`, `/groups/${shared}/history`, `/audit?user=${jim}`])
    expect(await changesIn(path, 'MembershipChanged')).toEqual(edited);
  const managed = [{ field: 'can_manage', before: null, after: true }];
  for (const path of [`/clients/${client}/history`, `/groups/${shared}/history`, `/audit?subject=${client}`])
    expect(await changesIn(path, 'ClientShared')).toEqual(managed);
  await v1('DELETE', `/groups/${shared}`);
  expect(await changesIn(`/clients/${client}/history`, 'GroupDeleted')).toEqual([
    {
      field: 'share_rights',
      before: { id: shared, name: expect.any(String), can_manage: true },
      after: null,
    },
  ]);
});

describe('What is no query of the audit log', () => {
  it.each([
    ...[
      'who=me',
      'Actor=x',
      'type=Nonsense',
      'type=',
      'category=none',
      'privileged=yes',
      'via=fax',
      'q=',
      'q=%20',
    ],
    ...[
      'q=!!!',
      `q=${'a'.repeat(201)}`,
      'from=yesterday',
      'from=-1',
      'to=2026-02-30T00:00:00Z',
      'to=2026-01-01',
    ],
    ...[
      'from=9&to=3',
      'from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z',
      'from=999999',
      'order=up',
      'limit=0',
    ],
    ...[
      'limit=1001',
      'limit=1&limit=2',
      'order=asc&order=desc',
      'from=1&from=2',
      'from!=1',
      'limit!=5',
      'fold=all',
    ],
    ...['cursor=nonsense', 'cursor=', 'actor=', 'as_of=1', 'offset=0', 'client_id='],
  ])('%s is 400', async (query) => {
    const answer = await company.admin.v2('GET', `/audit?${query}`);
    expect([answer.status, pick(answer, 'code')]).toEqual([400, 'bad_request']);
  });

  it.each(['', 'by=minute', 'by=hour&by=day', 'by=hour&limit=5', 'by=hour&nonsense=1'])(
    'stats?%s is 400',
    async (query) => expect((await company.admin.v2('GET', `/audit/stats?${query}`)).status).toBe(400),
  );

  it('nor is a cursor of another query, order or account', async () => {
    const { v2 } = company.admin;
    const cursor = String(pick(await v2('GET', '/audit?limit=2'), 'next_cursor'));
    expect((await v2('GET', `/audit?limit=5&cursor=${cursor}`)).status).toBe(200);
    for (const query of [
      `order=asc&cursor=${cursor}`,
      `via=v1&cursor=${cursor}`,
      `fold=command&cursor=${cursor}`,
    ])
      expect((await v2('GET', `/audit?${query}`)).status).toBe(400);
    const other = await openAdas(app);
    expect((await other.admin.v2('GET', `/audit?cursor=${cursor}`)).status).toBe(400);
  });
});
