import { beforeAll, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { feedPage, followFeed, type SentEvent, walkFeed } from '../../support/feed.js';
import {
  ADMIN,
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addRole,
  addUser,
  type Company,
  giveKey,
} from '../../support/people.js';
import { openCompany, type Person, share, startService } from '../../support/people.js';
import { expectProblem } from './company.js';

const ALL = 'include_clients=true';
const app = await startService();
let company: Company;
let nord: string;

const read = (query = '', person = company.admin) => feedPage(person.v2, `${ALL}&${query}`);
const after = (cursor: unknown) => `after=${encodeURIComponent(String(cursor))}`;
const ids = (events: readonly SentEvent[]) => events.map(({ id }) => id);
const whole = () => walkFeed(company.admin.v2, ALL);
const ask = (query: string, person = company.admin) => person.v2('GET', `/events?${query}`);

/** A cursor behind everything. */
async function headCursor(): Promise<string> {
  for (let cursor = ''; ;) {
    const { next } = await read(`limit=1000${cursor && `&${after(cursor)}`}`);
    if (next === cursor) return cursor;
    cursor = String(next);
  }
}

beforeAll(async () => {
  company = await openCompany(app);
  const { admin } = company;
  nord = await addClient(admin.v1, { name: 'Nord' });
  await addGroup(admin.v1, {}, nord);
  const other = await openCompany(app);
  await addGroup(other.admin.v1, {}, await addClient(other.admin.v1));
  await addGroup(admin.v1);
  await addUser(admin.v1, {}, nord);
});

describe('The feed with include_clients=true', () => {
  it('has every event of the company and of each client, in their order, and none of others', async () => {
    const all = await whole();
    const own = await walkFeed(company.admin.v2, '');
    const ofClient = await walkFeed(company.admin.v2, `client_id=${nord}`);
    const of = (account: string) => all.filter(({ id }) => id.startsWith(`${account}/`));
    expect([of(company.id), of(nord)]).toEqual([own, ofClient]);
    expect(all).toHaveLength(own.length + ofClient.length);
    const last = all.slice(-2).map(({ type }) => type);
    expect(last.every((type) => type.startsWith('User'))).toBe(true);
  });

  it('is the same in pages of any size, and at the head next stays as it is', async () => {
    const all = await whole();
    for (const limit of [1, 3]) expect(await walkFeed(company.admin.v2, ALL, limit)).toEqual(all);
    const cursor = await headCursor();
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(await read(after(cursor))).toEqual({ events: [], next: cursor });
  });

  it('includes clients that are opened later, also for a request that waits', async () => {
    const waiting = read(`${after(await headCursor())}&wait=60&types=GroupCreated`);
    const late = await addClient(company.admin.v1, { name: 'Late' });
    const group = await addGroup(company.admin.v1, {}, late);
    expect((await waiting).events).toMatchObject([
      { source: `/accounts/${late}`, subject: `groups/${group}` },
    ]);
  });

  it('goes on with what happened in clients that were closed', async () => {
    const gone = await addClient(company.admin.v1, { name: 'Gone' });
    const cursor = await headCursor();
    await company.admin.v1('DELETE', `/clients/${gone}`);
    const { events } = await read(after(cursor));
    expect(events.map(({ source }) => source)).toContain(`/accounts/${gone}`);
  });

  it('takes the filters of the audit log, in pages of any size', async () => {
    const all = await whole();
    const created = all.filter(({ type }) => type === 'GroupCreated');
    for (const limit of [1, 1000]) {
      expect(await walkFeed(company.admin.v2, `${ALL}&types=GroupC*`, limit)).toEqual(created);
      const found = await walkFeed(company.admin.v2, `${ALL}&actor!=operator&category=create`, limit);
      const expected = await Promise.all(
        [company.id, ...new Set(all.map(({ source }) => source.split('/')[2]))]
          .slice(1)
          .map(async (account) => {
            const scope = account === company.id ? '' : `&client_id=${account}`;
            return ids(await walkFeed(company.admin.v2, `actor!=operator&category=create${scope}`));
          }),
      );
      expect(ids(found).sort()).toEqual(expected.flat().sort());
    }
    const day = new Date(Date.now() - 86_400_000).toISOString();
    expect(await walkFeed(company.admin.v2, `${ALL}&from=${day}`)).toEqual(await whole());
  });

  it('is a stream as well, which resumes behind any of its ids and by the next of a page', async () => {
    const all = await whole();
    const frames = await followFeed(app, company.admin, ALL, all.length);
    expect(frames.map(({ event }) => event)).toEqual(all);
    const middle = frames[Math.floor(all.length / 2)]?.cursor;
    const rest = await followFeed(
      app,
      company.admin,
      ALL,
      all.length - Math.floor(all.length / 2) - 1,
      middle,
    );
    expect([...frames.slice(0, Math.floor(all.length / 2) + 1), ...rest].map(({ event }) => event)).toEqual(
      all,
    );
    const { next } = await read('limit=2');
    const [third] = await followFeed(app, company.admin, `${ALL}&${after(next)}`, 1);
    expect(third?.event).toEqual(all[2]);
  });

  it('names the moment of the company that it shows', async () => {
    const { headers } = await ask(`${ALL}&limit=1`);
    expect(headers.get('muster-revision')).toMatch(new RegExp(`^${company.id}@\\d+$`));
  });
});

describe('A cursor of the feed with include_clients=true', () => {
  it('of another log is 410, which says where to go on', async () => {
    const cursor = await headCursor();
    const [log, position, mark] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
    for (const other of [
      ['another-log', position, mark],
      [log, position, '00000000'],
    ]) {
      const old = Buffer.from(JSON.stringify(other)).toString('base64url');
      const answer = await ask(`${ALL}&${after(old)}`);
      expect([answer.status, pick(answer, 'code')]).toEqual([410, 'cursor_expired']);
      const heads = new Map<string, number>();
      for (const { source, sequence } of await whole()) heads.set(source.slice(10), Number(sequence));
      const positions = pick(answer, 'resume', 'positions') as { account: string; revision: number }[];
      expect(new Map(positions.map(({ account, revision }) => [account, revision]))).toEqual(heads);
      const resumed = String(pick(answer, 'resume', 'cursor'));
      const group = await addGroup(company.admin.v1, {}, nord);
      expect((await read(after(resumed))).events.map(({ subject }) => subject)).toEqual([`groups/${group}`]);
      const headers = { accept: 'text/event-stream', 'last-event-id': old };
      const stream = await company.admin.v2('GET', `/events?${ALL}`, undefined, { headers });
      expect([stream.status, pick(stream, 'code')]).toEqual([410, 'cursor_expired']);
    }
  });

  it.each(['4711', '0', '-1', 'x', 'bnVsbA', 'W10', '%20', ''])('that is none is 400: %j', async (cursor) => {
    expectProblem(await ask(`${ALL}&after=${cursor}`), 400, 'bad_request');
  });

  it('is none of the feed of one account', async () => {
    expectProblem(await ask(after(await headCursor())), 400, 'bad_request');
  });
});

describe('include_clients is refused', () => {
  it.each([
    ...[`${ALL}&client_id=x`, 'include_clients=yes', 'include_clients=', `${ALL}&${ALL}`, `${ALL}&from=2`],
    ...[`${ALL}&to=2`, `${ALL}&types=Nothing*`, `${ALL}&limit=0`, `${ALL}&wait=61`, `${ALL}&as_of=1`],
  ])('with %s', async (query) => {
    expectProblem(await ask(query), 400, 'bad_request');
  });

  it('to callers who do not reach every client, whatever is shared with them by now', async () => {
    const reader = await addPerson(app, company.admin, ['audit.read', 'client.access', 'user.manage']);
    await share(company.admin.v1, nord, true);
    expect((await feedPage(reader.v2, `client_id=${nord}&limit=1`)).events).toHaveLength(1);
    expectProblem(await ask(ALL, reader), 403, 'access_denied');
    const nobody = await addPerson(app, company.admin, []);
    expectProblem(await ask(ALL, nobody), 403, 'access_denied');
    expectProblem(await app.request('GET', `/api/v2/events?${ALL}`), 401, 'auth_not_provided');
  });

  it('to a client account, which has no clients', async () => {
    expectProblem(await ask(ALL, await addAdmin(app, company.admin, nord)), 403, 'access_denied');
  });

  it('once the caller does not reach every client any more', async () => {
    const role = await addRole(company.admin.v1, ['audit.read']);
    const id = await addUser(company.admin.v1, { roles: [ADMIN, role] });
    const admin: Person = await giveKey(app, company.admin, id);
    const waiting = ask(`${ALL}&${after(await headCursor())}&wait=60&types=GroupDeleted`, admin);
    const { status } = await company.admin.v1('DELETE', `/users/${id}/roles/${ADMIN}`);
    expect(status).toBe(200);
    expectProblem(await waiting, 403, 'access_denied');
  });

  it('with false it is the feed of the account alone', async () => {
    expect(await walkFeed(company.admin.v2, 'include_clients=false')).toEqual(
      await walkFeed(company.admin.v2, ''),
    );
  });
});
