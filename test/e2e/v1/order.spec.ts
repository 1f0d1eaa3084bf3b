import { expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  EDITOR,
  openCompany,
  startService,
  userFacts,
  VIEW_ONLY,
} from '../../support/people.js';
import { expectNothingRecorded, rows } from './expectations.js';
import { fill, freshIds, type Ids, kindsOf, queried, type Route, routes } from './routes.js';

/** The order of checks of section 3: of two faults in one request the one that is judged first is answered. */
const app = await startService();
const { admin } = await openCompany(app);
const stranger = await openCompany(app);
const { v1 } = admin;
const visitor = await addPerson(app, admin, []);
const foreignClient = await addClient(stranger.admin.v1);
const everything = { method: 'GET', path: '/clients/:client', isScoped: true } as const;
const good = await freshIds(v1, everything);
const foreign = await freshIds(stranger.admin.v1, everything);
const allUsers = String(rows(await v1('GET', '/groups'), 'groups')[0]?.['id']);
await addUser(v1, { email: 'taken@example.com' });
await addGroup(v1, { external_id: 'taken' });

interface Attempt {
  readonly key: string | undefined;
  readonly query: readonly string[];
  /** Instead of the route's own body. */
  readonly body?: string;
  readonly ids: Ids;
}

type Change = (attempt: Attempt) => Partial<Attempt>;

/** Something wrong with a request. Of two, the one with the lower rank wins. */
interface Fault {
  readonly rank: number;
  /** The part of the request it is in: two faults of one part cannot be combined. */
  readonly part: string;
  readonly name: string;
  /** Status and code. */
  readonly answer: string;
  readonly change: Change;
}

function fault(rank: number, part: string, name: string, answer: string, change: Change): Fault {
  return { rank, part, name, answer, change };
}

const withKey =
  (key?: string): Change =>
  () => ({ key });
const withBody =
  (body: string): Change =>
  () => ({ body });
const withJson = (fields: object): Change => withBody(JSON.stringify(fields));
const withQuery =
  (text: string): Change =>
  ({ query }) => ({ query: [...query, text] });
const withId =
  (id: Partial<Ids>): Change =>
  ({ ids }) => ({ ids: { ...ids, ...id } });

const [CALLER, PERMISSION, INPUT, CLIENT, IDS, STATE] = [0, 1, 2, 3, 4, 9];
const badRequest = '400 bad_request';
const denied = '401 access_denied';

const caller = [
  fault(CALLER, 'key', 'no credential', '401 auth_not_provided', withKey()),
  fault(CALLER, 'key', 'bad credential', '401 auth_fail', withKey('wrong')),
];
const permission = fault(PERMISSION, 'key', 'no permission', denied, withKey(visitor.key));
const body = [
  fault(INPUT, 'body', 'malformed body', badRequest, withBody('{')),
  fault(INPUT, 'body', 'wrong field', badRequest, withJson({ client_id: 5, name: [5] })),
  fault(INPUT, 'body', 'body too large', '413 payload_too_large', withBody(' '.repeat(512 * 1024 + 1))),
];
const client = [
  fault(INPUT, 'client', 'blank client', badRequest, withQuery('client_id=%20')),
  fault(CLIENT, 'client', 'unknown client', '404 client_not_found', withQuery('client_id=x')),
  fault(CLIENT, 'client', 'foreign client', denied, withQuery(`client_id=${foreignClient}`)),
];

/** A parameter of the query that a route checks. */
const malformedQuery: Readonly<Record<string, string>> = {
  'GET /users': 'limit=0',
  'GET /groups': 'full=maybe',
  'GET /users/:user': 'full=1',
  'GET /users/:user/groups': 'offset=-1',
  'POST /users': 'send_email=maybe',
  'PUT /users/:user/groups/:group': 'can_edit=maybe',
  'GET /groups/:group/users': 'limit=0',
  'PUT /groups/:group/users/:user': 'can_edit=maybe',
  'GET /groups/:group/default-tabs': 'offset=-1',
  'DELETE /roles/:role/permissions': 'name=',
  'DELETE /users/:user/properties?name=department': 'name=twice',
  'GET /users/:user/tab-instances': 'limit=0',
  'GET /clients': 'status=open',
  'GET /clients/:client/share-rights': 'limit=0',
  'DELETE /clients/:client/properties?name=region': 'name=twice',
};

const builtIn = ['group', '403 built_in_group', withId({ group: allUsers })] as const;
const builtInRole = ['role', '403 built_in_role', withId({ role: EDITOR })] as const;
const held = ['role', '403 user_already_has_role', withId({ role: VIEW_ONLY })] as const;
const notHeld = ['role', '403 user_does_not_have_role', withId({ role: EDITOR })] as const;

/** A rule about the state that a route's request can break: part, answer, change. */
const states: Readonly<Record<string, readonly [string, string, Change]>> = {
  'POST /users': ['body', '409 email_in_use', withJson(userFacts({ email: 'taken@example.com' }))],
  'PUT /users/:user': ['body', '409 email_in_use', withJson({ email: 'taken@example.com' })],
  'DELETE /users/:user': ['user', '403 cannot_delete_self', withId({ user: admin.id })],
  'PUT /users/:user/groups/:group': builtIn,
  'PUT /users/:user/groups': builtIn,
  'DELETE /users/:user/groups/:group': ['state', '403 user_not_in_group', () => ({})],
  'PUT /groups/:group/users/:user': builtIn,
  'DELETE /groups/:group/users/:user': ['state', '403 user_not_in_group', () => ({})],
  'PUT /clients/:client': ['body', '403 client_status_transition', withJson({ status: 'setup' })],
  'POST /clients/:client/@/extend_trial': ['state', '403 client_not_in_trial', () => ({})],
  'POST /groups': ['body', '409 external_id_in_use', withJson({ name: 'G', external_id: 'taken' })],
  'PUT /groups/:group': builtIn,
  'DELETE /groups/:group': builtIn,
  'PUT /roles/:role': builtInRole,
  'DELETE /roles/:role': builtInRole,
  'PUT /roles/:role/permissions': builtInRole,
  'DELETE /roles/:role/permissions': builtInRole,
  'PUT /roles/:role/users/:user': held,
  'DELETE /roles/:role/users/:user': notHeld,
  'PUT /users/:user/roles/:role': held,
  'DELETE /users/:user/roles/:role': notHeld,
  'DELETE /clients/:client/share-rights/:group': ['state', '403 client_not_shared', () => ({})],
};

/** Everything that can be wrong with a request to a route. */
function faultsOf(route: Route): Fault[] {
  const name = `${route.method} ${route.path}`;
  const [query, state] = [malformedQuery[name], states[name]];
  const faults = [...caller];
  if (route.needs) faults.push(permission);
  if (route.body) faults.push(...body);
  if (query !== undefined) faults.push(fault(INPUT, 'query', query, badRequest, withQuery(query)));
  if (route.isScoped) faults.push(...client);
  for (const [index, kind] of kindsOf(route).entries()) {
    const isInPath = route.path.includes(`:${kind}`);
    const missing = kind === 'user' ? '400 missing_user_id' : '400 missing_id';
    const blank = isInPath ? withId({ [kind]: '%20' }) : withId({ [kind]: ' ' });
    faults.push(
      fault(INPUT, kind, `blank ${kind}`, isInPath ? missing : badRequest, blank),
      fault(IDS + index, kind, `unknown ${kind}`, `404 ${kind}_not_found`, withId({ [kind]: 'x' })),
      fault(IDS + index, kind, `foreign ${kind}`, denied, withId({ [kind]: foreign[kind] })),
    );
  }
  if (state) faults.push(fault(STATE, state[0], state[1], state[1], state[2]));
  return faults;
}

const shown = (answer: Answer) => `${answer.status} ${String(pick(answer, 'meta', 'error_code'))}`;

async function attempt(route: Route, faults: readonly Fault[]): Promise<string> {
  let tried: Attempt = { key: admin.key, query: [], ids: good };
  for (const { change } of faults) tried = { ...tried, ...change(tried) };
  const { key, query, ids, body: rawBody = route.body && JSON.stringify(route.body(ids)) } = tried;
  const path = `/api/1.0${queried(fill(route.path, ids), `?${query.join('&')}`)}`;
  const headers = key === undefined ? {} : { 'kf-api-key': key };
  return shown(
    await app.request(route.method, path, rawBody === undefined ? { headers } : { rawBody, headers }),
  );
}

it.each(routes)('section 3 X66: $method $path answers the first fault', async (route) => {
  const faults = faultsOf(route);
  await expectNothingRecorded(v1, async () => {
    for (const first of faults) {
      expect([first.name, await attempt(route, [first])]).toEqual([first.name, first.answer]);
      for (const second of faults) {
        if (second.rank <= first.rank || second.part === first.part) continue;
        const name = `${first.name} before ${second.name}`;
        expect([name, await attempt(route, [second, first])]).toEqual([name, first.answer]);
      }
    }
  });
});

it.each(['/users?limit=0', '/groups?offset=-1'])(
  'section 3 X55: GET %s: who reaches no client is denied before the query is judged',
  async (path) => {
    const own = await addClient(v1);
    expect(shown(await visitor.v1('GET', `${path}&client_id=${own}`))).toBe(denied);
    expect(shown(await visitor.v1('GET', path))).toBe(badRequest);
  },
);
