import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer } from '../../support/api-client.js';
import { addAdmin, addClient, openCompany, startService, within } from '../../support/people.js';
import { expectRefusal } from './expectations.js';
import { freshIds, type Kind, kindsOf, routes, send } from './routes.js';

const app = await startService();
const home = await openCompany(app);
const stranger = await openCompany(app);
const v1 = home.admin.v1;
const client = await addClient(v1);
const foreignClient = await addClient(stranger.admin.v1);
const local = await addAdmin(app, home.admin, client);

const everything = { method: 'GET', path: '/clients/:client', isScoped: true } as const;
const of = {
  home: await freshIds(v1, everything),
  client: { ...(await freshIds(v1, everything, client)), client: 'none' },
  stranger: await freshIds(stranger.admin.v1, everything),
  foreignClient: await freshIds(stranger.admin.v1, everything, foreignClient),
};
const gone = await freshIds(v1, everything);
await v1('DELETE', `/users/${gone.user}`);
await v1('DELETE', `/groups/${gone.group}`);
await v1('DELETE', `/roles/${gone.role}`);

/** Every place of an id on every route. */
const places = routes.flatMap((route) => kindsOf(route).map((kind) => ({ ...route, kind })));
const inPath = places.filter(({ path, kind }) => path.includes(`:${kind}`));
const scoped = places.filter(({ kind }) => kind !== 'client');
/** Those that client_id can look for in a client. */
const chosen = scoped.filter(({ isScoped }) => isScoped);
type Place = (typeof places)[number];

/** Sends the route's request with one id exchanged. */
function exchange(place: Place, id: string, { by = v1, ids = of.home, query = '' } = {}): Promise<Answer> {
  return send(by, place, { ...ids, [place.kind]: id }, query);
}

const codeOf = (kind: Kind) => `${kind}_not_found`;

/** The revisions of both companies and their clients. */
async function revisions(): Promise<string> {
  const answers = await Promise.all([v1('GET', '/clients'), stranger.admin.v1('GET', '/clients')]);
  return answers.map(({ headers }) => headers.get('muster-revision')).join(', ');
}

let before: string;
beforeEach(async () => {
  before = await revisions();
  for (const account of [home.id, client, stranger.id, foreignClient])
    expect(before).toContain(`${account}@`);
});
afterEach(async () => {
  expect(await revisions()).toBe(before);
});

describe('An id that is not there', () => {
  it.each(places)('T015 X10: $method $path: an unknown $kind is 404', async (place) => {
    expectRefusal(await exchange(place, '0123456789abcdef0123456789abcdef'), 404, codeOf(place.kind));
  });

  it.each(places)('T015 X25: $method $path: a strange $kind is 404', async (place) => {
    const strange = [
      'x',
      '*',
      ':id',
      "a'b",
      'a;b',
      '%2F',
      '%2F..%2Fprofile',
      'a%20b',
      '%F0%9F%98%80',
      '%E2%80%AE',
    ];
    for (const id of strange) expectRefusal(await exchange(place, id), 404, codeOf(place.kind));
  });

  it.each(inPath)('T015 X25: $method $path: a $kind with NUL in it is another one: 404', async (place) => {
    for (const id of ['%00', `${of.home[place.kind]}%00`, `${of.home[place.kind]}%00x`])
      expectRefusal(await exchange(place, id), 404, codeOf(place.kind));
  });

  it.each(places)('T015 X25: $method $path: a very long $kind is 404', async (place) => {
    for (const length of [1000, 10_000, 15_000])
      expectRefusal(await exchange(place, 'x'.repeat(length)), 404, codeOf(place.kind));
  });

  it.each(inPath)(
    'T015 X25: $method $path: a $kind in other letter case is another one: 404',
    async (place) => {
      const other = of.home[place.kind].replace(/[a-f]/, (letter) => letter.toUpperCase());
      expect(other).not.toBe(of.home[place.kind]);
      expectRefusal(await exchange(place, other), 404, codeOf(place.kind));
    },
  );

  it.each(inPath)('X12 X69: $method $path: a blank $kind is 400', async (place) => {
    for (const blank of ['%20', '%09', '%C2%A0%20'])
      expectRefusal(
        await exchange(place, blank),
        400,
        place.kind === 'user' ? 'missing_user_id' : 'missing_id',
      );
  });

  it.each(scoped)('T247 T092: $method $path: a deleted $kind is 404', async (place) => {
    expectRefusal(await exchange(place, gone[place.kind]), 404, codeOf(place.kind));
  });

  it.each(scoped)('X10: $method $path: something else in place of the $kind is 404', async (place) => {
    const other = place.kind === 'user' ? of.home.group : of.home.user;
    expectRefusal(await exchange(place, other), 404, codeOf(place.kind));
  });
});

describe('An id that is elsewhere', () => {
  it.each(places)("T012 T154 T162 T242 X10: $method $path: another company's $kind is 401", async (place) => {
    expectRefusal(await exchange(place, of.stranger[place.kind]), 401, 'access_denied');
    if (place.kind === 'client') return;
    expectRefusal(await exchange(place, of.foreignClient[place.kind]), 401, 'access_denied');
  });

  it.each(scoped)(
    "T036 T045 X10: $method $path: a client's $kind without client_id is 404",
    async (place) => {
      expectRefusal(await exchange(place, of.client[place.kind]), 404, codeOf(place.kind));
    },
  );

  it.each(chosen)(
    "T034 T045 X10: $method $path: with client_id the company's $kind is 404",
    async (place) => {
      const inClient = { ids: of.client, query: within(client) };
      expectRefusal(await exchange(place, of.home[place.kind], inClient), 404, codeOf(place.kind));
      expectRefusal(await exchange(place, of.stranger[place.kind], inClient), 401, 'access_denied');
    },
  );

  it.each(chosen)(
    "T012 X10: $method $path: to a client's own admin the company's $kind is 401",
    async (place) => {
      const byLocal = { by: local.v1, ids: of.client };
      expectRefusal(await exchange(place, of.home[place.kind], byLocal), 401, 'access_denied');
    },
  );
});
