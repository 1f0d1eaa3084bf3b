import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operatorKey, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { call, exampleBody, externalId, furnished, type Ids } from './furnished.js';
import { OpenApiDocument, type Operation, undescribed } from './openapi-document.js';

let app: RunningApp;
let document: OpenApiDocument;

beforeAll(async () => {
  app = await RunningApp.start();
  document = await OpenApiDocument.of(app);
});

afterAll(() => app.stop());

const isWrite = ({ path, method }: Operation) => path.startsWith('/api/') && method !== 'GET';
const onlyRefuses = ({ responses }: Operation) =>
  !Object.keys(responses).some((status) => status.startsWith('2'));

test('every read answers as its example does', async () => {
  const { company, ids } = await furnished(app);
  const reads = document.operations.filter((operation) => operation.method === 'GET');
  expect(reads.length).toBeGreaterThan(25);
  for (const operation of reads) {
    const answer = await call(operation, company, ids);
    expect([operation.path, answer.status]).toEqual([operation.path, 200]);
    expect(undescribed(operation, answer)).toEqual([]);
  }
});

test('every detail with full=true answers as its example does', async () => {
  const { company, ids } = await furnished(app);
  const details = document.operations.filter(
    ({ path, parameters }) =>
      /(userId|groupId|roleId|clientId)\}$|profile$/.test(path) &&
      parameters.some(({ name }) => name === 'full'),
  );
  expect(details.length).toBeGreaterThan(7);
  for (const operation of details) {
    const answer = await call(operation, company, ids, undefined, '?full=true');
    expect(undescribed(operation, answer)).toEqual([]);
  }
});

test('every list with all that can be asked for answers as its example does', async () => {
  const { company, ids } = await furnished(app);
  const lists = document.operations.filter(
    ({ path, parameters }) =>
      /(users|groups|clients)$/.test(path) && parameters.some(({ name }) => name === 'full'),
  );
  expect(lists.length).toBeGreaterThan(5);
  const query = `?external_id=${externalId}&full=true&include_roles=true&include_groups=true`;
  for (const operation of lists) {
    const answer = await call(operation, company, ids, undefined, query);
    expect([operation.path, pick(answer, 'meta', 'total')]).toEqual([operation.path, 1]);
    expect(undescribed(operation, answer)).toEqual([]);
  }
});

test('the account of a client, in which nobody is a contact, is as its example says', async () => {
  const { company, ids } = await furnished(app);
  const [get, patch] = ['GET', 'PATCH'].map((wanted) =>
    document.operations.find(({ method, path }) => method === wanted && path === '/api/v2/account'),
  );
  for (const operation of [get, patch]) {
    if (!operation) throw new Error('There is no such route');
    const body = operation.method === 'PATCH' ? { name: 'Acme' } : undefined;
    const answer = await call(operation, company, ids, body, `?client_id=${ids['clientId'] ?? ''}`);
    expect(undescribed(operation, answer)).toEqual([]);
  }
});

test('every write takes the body its examples make, and answers as its own example does', async () => {
  const writes = document.operations.filter((one) => isWrite(one) && !onlyRefuses(one));
  expect(writes.length).toBeGreaterThan(30);
  for (const operation of writes) {
    const { company, ids } = await furnished(app);
    const body = exampleBody(document, operation, ids);
    const answer = await call(operation, company, ids, body);
    const route = `${operation.method} ${operation.path}`;
    expect([route, answer.status < 300 ? '' : answer.text]).toEqual([route, '']);
    expect(undescribed(operation, answer)).toEqual([]);
  }
});

/** Routes that need one of several fields, of which none is required by itself. */
const isOneOf =
  /evaluations$|share-rights$|\{userId\}\/groups$|\{roleId\}\/permissions$|\{groupId\}\/default-tabs$/;

test('every field that the document calls required is missed, and no other', async () => {
  const { company, ids } = await furnished(app);
  let seen = 0;
  for (const operation of document.operations) {
    const body = exampleBody(document, operation, ids);
    const { required = [] } = document.bodySchema(operation) ?? {};
    for (const field of required) {
      seen += 1;
      const answer = await call(operation, company, ids, { ...body, [field]: undefined });
      expect([operation.path, field, answer.status]).toEqual([operation.path, field, 400]);
    }
    if (!body || isOneOf.test(operation.path)) continue;
    const least = Object.fromEntries(Object.entries(body).filter(([field]) => required.includes(field)));
    const answer = await call(operation, company, ids, least);
    expect([operation.path, answer.status]).not.toEqual([operation.path, 400]);
  }
  expect(seen).toBeGreaterThan(15);
});

test('every refusal of every route is described', async () => {
  const { company, ids } = await furnished(app);
  const nobody = (await company.personWith()).key;
  const json = { 'content-type': 'application/json' };
  const missing: string[] = [];
  let seen = 0;
  for (const operation of document.operations.filter(({ path }) => path.startsWith('/api/'))) {
    const { method, path, parameters, requestBody } = operation;
    const credentials = (key: string) => ({ authorization: `Bearer ${key}`, 'kf-api-key': key });
    const admin = credentials(path.endsWith('/companies') ? operatorKey : company.admin.key);
    const [known, unknown, blank] = [ids, {}, {}].map((values: Ids, index) =>
      path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? (index === 2 ? '%20' : 'unknown')),
    ) as [string, string, string];
    const send = async (url: string, headers: Record<string, string>, rawBody?: string) => {
      const answer = await app.request(
        method,
        url,
        rawBody === undefined ? { headers } : { headers, rawBody },
      );
      if (answer.status < 400) return;
      seen += 1;
      missing.push(...undescribed(operation, answer));
    };
    await send(known, {});
    await send(known, credentials('wrong'));
    await send(known, { authorization: 'Basic bm9ib2R5' });
    await send(unknown, credentials(nobody));
    await send(unknown, admin);
    await send(blank, admin);
    if (parameters.some(({ name }) => name === 'client_id'))
      for (const id of ['', 'unknown']) await send(`${unknown}?client_id=${id}`, admin);
    if (!requestBody) continue;
    for (const rawBody of ['', '{}', '{', '[1]', 'x'.repeat(512 * 1024 + 1)])
      await send(unknown, { ...admin, ...json }, rawBody);
    await send(unknown, { ...admin, 'content-type': 'odd' }, '{}');
    await send(unknown, { ...admin, 'content-encoding': 'gzip' }, '{}');
  }
  expect(seen).toBeGreaterThan(400);
  expect(missing).toEqual([]);
});
