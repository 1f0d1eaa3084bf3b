import { expect, jest, test } from '@jest/globals';
import { type Answer, pick } from '../support/api-client.js';
import { startService } from '../support/people.js';
import { Scopes } from '../../src/http/door/scopes.js';
import { Views } from '../../src/read/views.js';
import { OpenApiDocument, type Operation } from '../e2e/operation/openapi-document.js';
import { type Attempt, attemptsOn, questionsOn } from './walk/attempts.js';
import { type Caller, callersOf } from './walk/callers.js';
import { family, type Tenant } from './walk/tenants.js';
import { fault, type Revisions } from './walk/verdict.js';

const app = await startService({ MUSTER_OPEN_RATE_LIMIT: '100000' });
const home = await family(app);
const other = await family(app);
const callers = await callersOf(app, home, other);
const [admin] = callers;
const ofClient = callers.find(({ own }) => own !== home.own);
const document = await OpenApiDocument.of(app);
const views = app.app.get(Views);

/** Whatever asks for a credential, and makes no account of its own, by the first spelling of its path. */
const operations = document.operations.filter(
  ({ path, security }) =>
    security?.length !== 0 && !path.startsWith('/api/1/') && path !== '/api/v2/companies',
);

const accounts = [home, other].flatMap(({ own, clients }) => [own, ...clients]).map(({ account }) => account);

function revisions(): Revisions {
  return new Map(accounts.map((account) => [account, views.checkpoints.revisionOf(account)]));
}

function send({ operation: { method }, url, body, headers }: Attempt, key: string): Promise<Answer> {
  return app.request(method, url, {
    body,
    headers: { authorization: `Bearer ${key}`, 'kf-api-key': key, ...headers },
  });
}

/** What tells of attempts comes before there were any: they name what was sent. Reads come before writes. */
const inOrder = [...operations].sort((one, two) => rank(one) - rank(two));

function rank({ method, parameters }: Operation): number {
  return parameters.some(({ name }) => name === 'outcome') ? 0 : method === 'GET' ? 1 : 2;
}

/** Where a list goes on, as the admin of the other company is told. */
async function cursorsOf(operation: Operation): Promise<readonly string[]> {
  if (!operation.parameters.some(({ name }) => /^(after|cursor)$/.test(name))) return [];
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => other.own.ids[name] ?? '');
  const attempt = { operation, what: '', url: `${path}?limit=1`, headers: {}, isRefused: false };
  const answer = await send(attempt, other.company.admin.key);
  const [, linked] = /[?&](?:after|cursor)=([^&>]+)/.exec(answer.headers.get('link') ?? '') ?? [];
  const next = pick(answer, 'next') ?? (linked && decodeURIComponent(linked));
  return typeof next === 'string' || typeof next === 'number' ? [String(next)] : [];
}

/** Whether an answer is what is said of an id that is nowhere: it tells nothing then. */
async function isOfNothing(
  attempt: Attempt,
  { text }: Answer,
  { key }: Caller,
  foreign: Tenant,
): Promise<boolean> {
  const ids = Object.values(foreign.ids).filter((id) => id.length === 32);
  const url = ids.reduce((made, id) => made.replaceAll(id, 'f'.repeat(32)), attempt.url);
  return (await send({ ...attempt, url }, key)).text === text;
}

/** Clients of one's company are facts to whoever may see them, shared or not. */
const isFact = ({ path }: Operation, caller: Caller, foreign: Tenant) =>
  path.startsWith('/api/1.0/clients/') && home.clients.includes(foreign) && caller.own === home.own;

/**
 * Sends every attempt of a caller, one after the other.
 * @param isWhole whether ids are tried in each place; else in all places of a path at once
 * @param asks whether reads ask for it by parameters as well
 * @returns the status of each, and what went wrong
 */
async function walk(caller: Caller, foreign: Tenant, isWhole = true, asks = false) {
  const faults: string[] = [];
  const statuses = new Map<Attempt, number>();
  for (const operation of inOrder.filter((one) => !isFact(one, caller, foreign))) {
    const questions = asks ? questionsOn(operation, caller, foreign, await cursorsOf(operation)) : [];
    const attempts = attemptsOn(document, operation, caller, foreign);
    const tried = isWhole ? attempts : attempts.filter(({ what }) => what.startsWith('a foreign path'));
    for (const attempt of [...questions, ...tried]) {
      const before = revisions();
      const answer = await send(attempt, caller.key);
      const wrong = fault(caller, attempt, answer, before, revisions());
      const isNothing =
        wrong?.endsWith('no refusal') && (await isOfNothing(attempt, answer, caller, foreign));
      statuses.set(attempt, isNothing === true ? 404 : answer.status);
      if (wrong !== undefined && !isNothing) faults.push(wrong);
    }
  }
  return { faults, statuses };
}

test.each(callers.map((caller) => [caller.name, caller] as const))(
  '%s reads and writes nothing of another account, on any route',
  async (_, caller) => {
    for (const [place, foreign] of caller.foreign.entries()) {
      // Who asks after others have tried something would be told of what they named.
      const asks = [admin, ofClient].includes(caller) && place === 0;
      const { faults, statuses } = await walk(caller, foreign, caller.isStrong && place === 0, asks);
      expect(faults).toEqual([]);
      expect(statuses.size).toBeGreaterThan(100);
      if (caller === admin) expect(elsewhere(statuses)).toEqual([]);
    }
  },
);

/** What an admin with every right was refused for anything but the id: the walk has to come to where ids are looked up. */
function elsewhere(statuses: ReadonlyMap<Attempt, number>): readonly string[] {
  return (
    [...statuses]
      .filter(([{ isRefused }, status]) => isRefused && ![401, 403, 404].includes(status))
      // These lack an id, and say so to whoever asks.
      .filter(([{ operation }]) => !/(Nobody|None|Nothing)$/.test(operation.operationId))
      .map(([{ operation, what }, status]) => `${operation.method} ${operation.path} with ${what}: ${status}`)
  );
}

test('each id of a path and each client_id of the document is walked, of a route that is new as well', () => {
  const made = { method: 'POST', path: '/api/v2/things/{thingId}/parts/{userId}', operationId: 'made' };
  const parameters = [
    { name: 'client_id', in: 'query', required: false },
    { name: 'after', in: 'query', required: false },
  ];
  const isNew: Operation = { ...made, parameters, responses: {} };
  const named = operations.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  expect(Object.keys(other.own.ids)).toEqual(expect.arrayContaining(named));
  for (const operation of [...operations, isNew]) {
    const attempts = attemptsOn(document, operation, { own: home.own }, other.clients[0]);
    const whats = attempts.filter(({ isRefused }) => isRefused).map(({ what }) => what);
    const ids = [...operation.path.matchAll(/\{(\w+Id)\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'tabId');
    if (ids.length > 0) expect(whats).toContain('a foreign path');
    if (ids.length > 1) expect(whats).toEqual(expect.arrayContaining(ids.map((name) => `a foreign ${name}`)));
    if (operation.parameters.some(({ name }) => name === 'client_id'))
      expect(whats).toEqual(expect.arrayContaining(['a foreign client_id', 'a foreign path and client_id']));
  }
  const asked = questionsOn({ ...isNew, method: 'GET' }, { own: home.own }, other.own, ['at 7']);
  expect(asked.map(({ url }) => url).join()).toContain('after=at+7');
});

test.each<[string, Partial<Answer>, Revisions]>([
  ['shows an id', { text: `["${other.own.ids['userId']}"]` }, new Map()],
  ['shows a name', { text: other.own.inside[0] ?? '' }, new Map()],
  [
    'shows how far an account has come',
    { headers: new Headers({ 'muster-revision': `${other.own.account}@7` }) },
    new Map(),
  ],
  ['is done', { status: 200 }, new Map()],
  ['is a fault', { status: 500 }, new Map()],
  ['writes to it', {}, new Map([[other.own.account, 1]])],
  ['is refused and written all the same', {}, new Map([[home.own.account, 1]])],
])('the walk tells of an answer that %s', (_, wrong, after) => {
  const [attempt] = operations.flatMap((one) =>
    attemptsOn(document, one, { own: home.own }, other.clients[0]),
  );
  const right = { status: 404, headers: new Headers(), text: '{"code":"user_not_found"}' };
  const told = (answer: Partial<Answer>, moved: Revisions) =>
    fault(admin as Caller, attempt as Attempt, { ...right, ...answer }, new Map(), moved);
  expect(told({}, new Map())).toBeUndefined();
  expect(told(wrong, after)).toEqual(expect.any(String));
});

test('the walk finds a service that lets everybody into every client', async () => {
  const scopes = app.app.get(Scopes);
  const [requires, reaches] = [jest.spyOn(scopes, 'requireClient'), jest.spyOn(scopes, 'reaches')];
  requires.mockReturnValue(undefined);
  reaches.mockReturnValue(true);
  const { faults } = await walk(admin as Caller, other.clients[1]);
  requires.mockRestore();
  reaches.mockRestore();
  expect(faults.length).toBeGreaterThan(40);
  for (const kind of ['is no refusal', 'shows']) expect(faults.join('\n')).toContain(kind);
});
