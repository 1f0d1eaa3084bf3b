import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { call, exampleBody, formerThings, furnished, type Ids } from '../operation/furnished.js';
import { OpenApiDocument, type Operation } from '../operation/openapi-document.js';
import { Company, expectProblem } from './company.js';

/** X93 on every route of v2 that the document knows: a new one is among them by itself. */
let app: RunningApp;
let document: OpenApiDocument;
let routes: readonly Operation[];
/** The writes that take a body and that client_id chooses the account of. */
let writes: readonly Operation[];

beforeAll(async () => {
  app = await RunningApp.start();
  document = await OpenApiDocument.of(app);
  routes = document.operations.filter(({ path }) => path.startsWith('/api/v2/'));
  writes = routes.filter(
    ({ parameters, requestBody }) => requestBody && parameters.some(({ name }) => name === 'client_id'),
  );
});

afterAll(() => app.stop());

interface Scene {
  readonly company: Company;
  readonly client: string;
  /** In the company. */
  readonly own: Ids;
  /** In the client. */
  readonly ids: Ids;
}

async function scene(): Promise<Scene> {
  const { company, ids: own } = await furnished(app);
  const client = own['clientId'] ?? '';
  const former = await formerThings(company, client);
  const ids = {
    ...{ userId: await company.user({}, client), groupId: await company.group([], client) },
    ...former,
  };
  return { company, client, own, ids };
}

function send(write: Operation, { company, ids }: Scene, client_id: unknown, query = ''): Promise<Answer> {
  return call(write, company, ids, { ...exampleBody(document, write, ids), client_id }, query);
}

test('X93 client_id in the body of a write is its scope, as in the query', async () => {
  expect(writes.length).toBeGreaterThan(6);
  for (const write of writes) {
    const route = `${write.method} ${write.path}`;
    expect([route, Object.keys(document.bodySchema(write)?.properties ?? {})]).toEqual([
      ...[route, expect.arrayContaining(['client_id'])],
    ]);
    for (const isTwice of [false, true]) {
      const at = await scene();
      const before = await at.company.revision();
      const query = isTwice ? `?client_id=${at.client}` : '';
      const answer = await send(write, at, at.client, query);
      expect([route, answer.status < 300 ? '' : answer.text]).toEqual([route, '']);
      expect(answer.headers.get('muster-revision')).toMatch(new RegExp(`^${at.client}@\\d+$`));
      expect(await at.company.revision()).toBe(before);
    }
  }
});

test('X93 client_id that differs between query and body, or is no id, is 400, and nothing is written', async () => {
  const at = await scene();
  const refused = async (write: Operation, client_id: unknown, query = '') => {
    const before = [await at.company.revision(), await revisionOf(at)];
    expectProblem(await send(write, at, client_id, query), 400, 'bad_request');
    expect([await at.company.revision(), await revisionOf(at)]).toEqual(before);
  };
  for (const write of writes) {
    await refused(write, at.client, `?client_id=${at.company.id}`);
    await refused(write, at.company.id, `?client_id=${at.client}`);
    for (const none of ['', ' ', null, 5, [at.client]]) await refused(write, none);
  }
});

test('X61 X93 client_id in a body that names another company’s client is 404, as one that does not exist', async () => {
  const [at, other] = [await scene(), await Company.open(app)];
  for (const foreign of [other.id, await other.client(), 'nobody'])
    for (const write of writes) expectProblem(await send(write, at, foreign), 404, 'client_not_found');
});

test('X77 X93 client_id in a body opens no client that the caller does not reach', async () => {
  const at = await scene();
  const { key } = await at.company.personWith('user.manage', 'account.settings');
  const company = new Company(app, at.company.id, { id: '', key });
  for (const write of writes)
    expectProblem(await send(write, { ...at, company }, at.client), 403, 'access_denied');
});

test('a query parameter that the document does not name is 400 on every route, and nothing is written', async () => {
  const at = await scene();
  const before = await at.company.revision();
  for (const route of routes) {
    const known = route.parameters.map(({ name }) => name);
    const body = route.requestBody && exampleBody(document, route, at.own);
    for (const unknown of [
      'as-of=1',
      'AS_OF=1',
      'filter[name]=x',
      'constructor=1',
      '=1',
      'outcomes=any',
      'as_of=0',
    ]) {
      if (known.includes(unknown.split('=')[0] ?? '')) continue;
      const answer = await call(route, at.company, at.own, body, `?${unknown}`);
      expect([route.method, route.path, unknown, answer.status]).toEqual([
        ...[route.method, route.path],
        unknown,
        400,
      ]);
      expect(pick(answer, 'detail')).toMatch(/^There is no parameter "/);
    }
  }
  expect(await at.company.revision()).toBe(before);
});

test('X93 a blank id in the path is 404 on every route, and nothing is written', async () => {
  const at = await scene();
  const before = await at.company.revision();
  let seen = 0;
  for (const route of routes)
    for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g))
      for (const blank of ['%20', '%09', '%C2%A0', '%E2%80%83'] as const) {
        const body = route.requestBody && exampleBody(document, route, at.own);
        const answer = await call(route, at.company, { ...at.own, [name]: blank }, body);
        expect([route.path, answer.status]).toEqual([route.path, 404]);
        seen += 1;
      }
  expect(seen).toBeGreaterThan(60);
  expect(await at.company.revision()).toBe(before);
});

test('X93 what is true or false in a body is a JSON boolean: a text is 400', async () => {
  const at = await scene();
  const flags = routes.flatMap((route) =>
    Object.entries(document.bodySchema(route)?.properties ?? {})
      .filter(([, { type }]) => type === 'boolean')
      .map(([name]) => ({ route, name })),
  );
  expect(flags.map(({ name }) => name)).toContain('can_edit');
  for (const { route, name } of flags)
    for (const wrong of ['true', 'false', '', 1, null]) {
      const body = { ...exampleBody(document, route, at.own), [name]: wrong };
      expectProblem(await call(route, at.company, at.own, body), 400, 'bad_request');
    }
});

async function revisionOf({ company, client }: Scene): Promise<string | null> {
  return (await company.call('GET', `/account?client_id=${client}`)).headers.get('muster-revision');
}
