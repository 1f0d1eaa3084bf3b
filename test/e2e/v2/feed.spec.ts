import { beforeAll, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { feedPage, type SentEvent, walkFeed } from '../../support/feed.js';
import { addClient, addGroup, addPerson, addUser, type Company } from '../../support/people.js';
import { openCompany, type Person, startService } from '../../support/people.js';
import { entries } from './audit-scene.js';
import { faultsBy } from '../../support/schemas.js';
import { expectProblem } from './company.js';

const app = await startService();
let company: Company;
let bob: Person;
let group: string;
let all: readonly SentEvent[];

const read = (query = '') => feedPage(company.admin.v2, query);
const types = async (query: string) => (await walkFeed(company.admin.v2, query)).map(({ type }) => type);
const isOfScene = ({ sequence }: SentEvent) => Number(sequence) < all.length;
const head = async () => Number((await read('limit=1000')).next);

beforeAll(async () => {
  company = await openCompany(app);
  const { admin } = company;
  bob = await addPerson(app, admin, ['audit.read', 'user.manage']);
  group = await addGroup(admin.v1, { name: 'Crew' });
  await bob.v2('PUT', `/groups/${group}/users/${bob.id}`, {}, { headers: { 'muster-reason': 'Ticket 812' } });
  await admin.v1('PUT', `/users/${bob.id}`, { first_name: 'Bob' });
  await admin.v1('DELETE', `/groups/${group}`);
  all = await walkFeed(admin.v2, '');
});

describe('The feed of an account', () => {
  it('has every event from revision 0 on, in order and without a gap', async () => {
    expect(all.map(({ id }) => id)).toEqual(all.map((_, revision) => `${company.id}/${revision}`));
    expect(all[0]).toMatchObject({ type: 'CompanyOpened', authid: 'operator', authtype: 'system' });
    const log = await entries(company.admin.v2, '?order=asc&limit=1000');
    expect(all.map(({ type }) => type)).toEqual(log.map(({ event }) => event));
  });

  it('is the same in pages of any size: next is the after of the next page', async () => {
    for (const limit of [1, 3, 1000]) expect(await walkFeed(company.admin.v2, '', limit)).toEqual(all);
  });

  it('ends at the head, where next stays the head', async () => {
    const last = all.length - 1;
    expect(await read(`after=${last}`)).toEqual({ events: [], next: last });
    expect((await read(`after=${last - 1}`)).events).toEqual([all[last]]);
  });

  it('names the moment that it shows in Muster-Revision', async () => {
    const answer = await company.admin.v2('GET', '/events?limit=1');
    expect(answer.headers.get('muster-revision')).toBe(`${company.id}@${all.length - 1}`);
  });

  it('names schemas that resolve on this service, and its data are valid by them', async () => {
    for (const { dataschema, data } of all) {
      const path = new URL(String(dataschema)).pathname.replace('/api/v2', '');
      expect(String(dataschema)).toBe(`${app.url}/api/v2${path}`);
      const schema = (await company.admin.v2('GET', path)).body;
      expect(faultsBy(schema as object, data)).toEqual([]);
    }
  });

  it('names who did it by which credential, and never a secret', async () => {
    const [joined] = all.filter(({ type }) => type === 'UserAddedToGroup');
    const [entry] = await entries(company.admin.v2, '?type=UserAddedToGroup');
    expect(joined).toMatchObject({ subject: `groups/${group}`, authtype: 'app_user', authid: bob.id });
    expect(joined?.['credentialid']).toBe(pick({ body: entry } as never, 'credential', 'id'));
    expect(JSON.stringify(all)).not.toMatch(/_hash/);
  });

  it('of a client account is read with client_id by the company, and by its own users without', async () => {
    const client = await addClient(company.admin.v1, { name: 'Nord' });
    const { events } = await read(`client_id=${client}`);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, revision) => `${client}/${revision}`));
    const own = await addPerson(app, company.admin, ['audit.read'], client);
    expect((await feedPage(own.v2, `limit=${events.length}`)).events).toEqual(events);
  });
});

describe('Filters of the feed', () => {
  it.each([
    ['types=UserAddedToGroup', ['UserAddedToGroup']],
    ['types=Group*', ['GroupCreated', 'GroupDeleted']],
    ['types=Group*,UserRenamed', ['GroupCreated', 'UserRenamed', 'GroupDeleted']],
    ['types=Group*&types=CompanyO*', ['CompanyOpened', 'GroupCreated', 'GroupDeleted']],
    ['type=GroupD*,GroupC*', ['GroupCreated', 'GroupDeleted']],
    ['types=Group*,CompanyO*&type!=Group*', ['CompanyOpened']],
    ['type=GroupDeleted,GroupCreated', ['GroupCreated', 'GroupDeleted']],
    ['types=*&type=GroupDeleted', ['GroupDeleted']],
    ['types=Group*&type!=GroupCreated', ['GroupDeleted']],
    ['q=ticket', ['UserAddedToGroup']],
    ['types=Group*&category=delete', ['GroupDeleted']],
    ['actor=nobody', []],
  ])('%s', async (query, expected) => {
    expect((await types(query)).filter((type) => type !== 'ContactAssigned')).toEqual(expected);
  });

  it('are those of the audit log by the same names and rules, in pages of any size', async () => {
    const filters = [
      ...[`actor=${bob.id}`, `actor!=${bob.id}`, `subject=${bob.id}`, `user=${bob.id}`, `group=${group}`],
      ...['category=credential', 'privileged=true', 'privileged!=true', 'via=v2', 'credential!=api_key'],
      ...['credential=operator_key', 'from=2&to=5', `to=2020-01-01T00:00:00Z`],
    ];
    for (const filter of filters) {
      const log = await entries(company.admin.v2, `?order=asc&limit=1000&${filter}`);
      const expected = log.flatMap(({ revision }) => all[revision] ?? []);
      for (const limit of [2, 1000]) {
        const found = await walkFeed(company.admin.v2, filter, limit);
        expect([filter, found.filter(isOfScene)]).toEqual([filter, expected]);
      }
    }
  });

  it('drop one’s own echo by credential!=', async () => {
    const own = String(all.find(({ type }) => type === 'UserAddedToGroup')?.['credentialid']);
    expect(await types(`credential!=${own}&types=UserAddedToGroup`)).toEqual([]);
    expect(await types(`credential=${own}`)).toEqual(['UserAddedToGroup']);
  });

  it('move next over what they leave out', async () => {
    for (const filter of ['types=UserSignedIn', 'q=nothing-of-the-kind'])
      expect(await read(filter)).toEqual({ events: [], next: await head() });
  });
});

describe('A page that is waited for', () => {
  it('ends with the first event that the filter lets through, next past what was left out', async () => {
    const from = await head();
    const waiting = read(`after=${from}&wait=60&types=GroupCreated`);
    await addUser(company.admin.v1);
    const made = await addGroup(company.admin.v1);
    const { events, next } = await waiting;
    expect(events.map(({ subject }) => subject)).toEqual([`groups/${made}`]);
    expect(next).toBe(Number(events[0]?.sequence));
  });

  it('ends when the time is over, past what was left out', async () => {
    const from = await head();
    const waiting = read(`after=${from}&wait=1&types=UserSignedIn`);
    await addGroup(company.admin.v1);
    expect(await waiting).toEqual({ events: [], next: await head() });
  });

  it('does not wait when there is something already', async () => {
    expect((await read('wait=60&limit=1')).events).toEqual([all[0]]);
  });

  it('is refused once its caller may not read any more', async () => {
    const reader = await addPerson(app, company.admin, ['audit.read']);
    const from = await head();
    const waiting = reader.v2('GET', `/events?after=${from}&wait=60&types=UserSignedIn`);
    await company.admin.v1('DELETE', `/users/${reader.id}`);
    expectProblem(await waiting, 401, 'auth_fail');
  });
});

describe('The feed refuses', () => {
  it.each([
    ...[
      'after=-1',
      'after=x',
      'after=999999',
      'after=1&after=2',
      'limit=0',
      'limit=1001',
      'wait=61',
      'wait=-1',
    ],
    ...[
      'wait=x',
      'types=',
      'types=Nothing*',
      'types=userCreated',
      'types=UserCreated,Nope',
      'types=*Created',
      'type=Us*r',
    ],
    ...[
      'typ=UserCreated',
      'type=',
      'type!=Nothing*',
      'order=asc',
      'cursor=1',
      'fold=command',
      'from=999999',
      'as_of=1',
      'category=none',
    ],
  ])('%s', async (query) => {
    expectProblem(await company.admin.v2('GET', `/events?${query}`), 400, 'bad_request');
  });

  it.each(['limit=5', 'wait=5'])('%s with a stream', async (query) => {
    const headers = { accept: 'text/event-stream' };
    const answer = await company.admin.v2('GET', `/events?${query}`, undefined, { headers });
    expectProblem(answer, 400, 'bad_request');
  });

  it('callers who do not read the log, and shows nothing of other companies', async () => {
    const other = await openCompany(app);
    const reader = await addPerson(app, company.admin, ['account.usage']);
    const nobody = await addPerson(app, company.admin, ['user.manage', 'account.settings']);
    expect((await feedPage(reader.v2, 'limit=1')).events).toEqual([all[0]]);
    expectProblem(await nobody.v2('GET', '/events'), 403, 'access_denied');
    expectProblem(await app.request('GET', '/api/v2/events'), 401, 'auth_not_provided');
    const foreign = await other.admin.v2('GET', `/events?client_id=${company.id}`);
    expectProblem(foreign, 404, 'client_not_found');
    expect(JSON.stringify(await walkFeed(other.admin.v2, ''))).not.toContain(company.id);
  });
});

describe('Event types', () => {
  it('are listed for any caller, each with its version and schema', async () => {
    const anybody = await addPerson(app, company.admin, []);
    const answer = await anybody.v2('GET', '/event-types');
    const [first] = answer.body as { type: string; version: number; schema: object }[];
    expect(first).toEqual({ type: 'AccountRenamed', version: 1, schema: expect.any(Object) });
    expect(faultsBy(first?.schema ?? {}, { name: 'New Ltd' })).toEqual([]);
    expectProblem(await app.request('GET', '/api/v2/event-types'), 401, 'auth_not_provided');
  });

  it('are listed with those that only webhooks carry, and each is at the address that its events name', async () => {
    const all = (await company.admin.v2('GET', '/event-types?limit=1000')).body as {
      readonly type: string;
      readonly version: number;
      readonly schema: object;
    }[];
    for (const type of ['WebhookTest', 'WebhookVerified'])
      expect(all).toContainEqual({
        ...{ type, version: 1 },
        schema: expect.objectContaining({
          title: type,
          required: ['webhook_id'],
          additionalProperties: false,
        }),
      });
    for (const { type, version, schema } of all)
      expect((await company.admin.v2('GET', `/event-types/${type}/${version}`)).body).toEqual(schema);
  });

  it.each(['/UserCreated/2', '/WebhookTest/2', '/UserCreated/x', '/Nothing/1', '/toString/1'])(
    '%s is not there',
    async (path) => {
      expectProblem(await company.admin.v2('GET', `/event-types${path}`), 404, 'event_type_not_found');
    },
  );
});
