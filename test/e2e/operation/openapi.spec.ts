import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunningApp } from '../../support/app.js';
import { OpenApiDocument, type Schema, violations } from './openapi-document.js';

let app: RunningApp;
let document: OpenApiDocument;

beforeAll(async () => {
  app = await RunningApp.start();
  document = await OpenApiDocument.of(app);
});

afterAll(() => app.stop());

/** The routes of the router itself, as `GET /api/v2/groups/{groupId}`; the documents are not part of the API. */
function routesOfRouter(): string[] {
  const tree = app.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const ancestors: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', path = '', methods = ''] = /^([│ ]*)[├└]── (\S*) \((.+)\)$/.exec(line) ?? [];
    const depth = indent.length / 4;
    ancestors.splice(depth, Infinity, path);
    const url = ancestors.join('').replace(/:(\w+)/g, '{$1}');
    if (path === '' || /^\/(docs|openapi\.|asyncapi\.)/.test(url)) return [];
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${url}`);
  });
}

test('every route of the running router is in the document, and nothing else', () => {
  const routes = routesOfRouter();
  expect(routes.length).toBeGreaterThan(60);
  expect(document.operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort());
});

test('every route has a summary', () => {
  expect(document.operations.filter(({ summary }) => !/^[A-Z].{5,}[^.]$/.test(summary ?? ''))).toEqual([]);
});

test('every operation stands once, under a plain id of its own; those of v1 have both prefixes as servers', () => {
  const ids = Object.values(document.paths).flatMap(({ servers: _, ...methods }) =>
    Object.values(methods as Record<string, { readonly operationId: string }>).map((one) => one.operationId),
  );
  expect(ids.length).toBeGreaterThan(80);
  expect(ids.filter((id) => !/^[a-z][A-Za-z\d]+$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [path, { servers }] of Object.entries(document.paths)) {
    const isV1 = Object.keys(document.paths[path] ?? {}).length > 0 && servers !== undefined;
    expect([path, servers]).toEqual([path, isV1 ? [{ url: './api/1.0' }, { url: './api/1' }] : undefined]);
  }
});

test('no id of an operation is lost or given to another one: programs are generated from them', () => {
  const file = join(import.meta.dirname, 'operation-ids.txt');
  const known = readFileSync(file, 'utf8').trim().split('\n');
  const ids = document.operations
    .filter(({ path }) => !path.startsWith('/api/1/'))
    .map(({ operationId, method, path }) => `${operationId} ${method} ${path}`);
  // Those of new operations belong into the file, too.
  expect(ids).toEqual(expect.arrayContaining(known));
});

test('every id in a path is a parameter', () => {
  for (const { path, parameters } of document.operations) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect({ path, parameters: inPath.sort() }).toEqual({ path, parameters: wanted.sort() });
  }
});

test('every answer is described: a success with an example that fits its schema, unless it has no body', () => {
  for (const { method, path, responses } of document.operations) {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    for (const [status, { content }] of successes) {
      const route = `${method} ${path} ${status}`;
      // What is accepted for later may have nothing to say yet.
      const isEmpty = status === '204' || (status === '202' && content === undefined);
      if (isEmpty) expect({ route, content }).toEqual({ route, content: undefined });
      const examples = Object.entries(content ?? {}).map(([type, { example }]) => [type, typeof example]);
      expect({ route, isDescribed: examples.length > 0 }).toEqual({ route, isDescribed: !isEmpty });
      for (const [type = '', example] of examples)
        expect([route, type, example]).toEqual([
          route,
          type,
          /^text\/|html/.test(type) ? 'string' : 'object',
        ]);
      const { schema, example } = content?.['application/json'] ?? {};
      if (schema) expect(violations(schema, example)).toEqual([]);
    }
    const refused = Object.keys(responses).filter((status) => status.startsWith('4'));
    if (path.startsWith('/api')) expect(successes.length + refused.length).toBeGreaterThan(1);
  }
});

test('the stream of events is described beside its pages, and where the reader of an expired cursor goes on', () => {
  const feed = document.operations.find(({ operationId }) => operationId === 'v2FeedRead');
  const { example } = feed?.responses['200']?.content?.['text/event-stream'] ?? {};
  expect(String(example)).toMatch(
    /^:\n\nid: 4711\nevent: \w+\ndata: \{.+\}\n\nid: \d+\nevent: position\ndata: \{"cursor":\d+\}\n\n$/,
  );
  const { schema, examples } = feed?.responses['410']?.content?.['application/problem+json'] ?? {};
  expect(schema?.properties?.['resume']?.properties).toMatchObject({
    cursor: { type: 'string' },
    positions: { items: { properties: { account: { type: 'string' }, revision: { type: 'integer' } } } },
  });
  expect(examples?.['cursor_expired']?.value).toMatchObject({ status: 410, resume: { positions: [{}] } });
  expect(Object.keys(feed?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '400', '401', '403', '404', '410', '429', '503']),
  );
});

test('every route of v2 says by which status it succeeds', () => {
  const routes = document.operations.filter(({ path }) => path.startsWith('/api/v2/'));
  const lacking = routes.filter(({ responses }) => !Object.keys(responses).some((one) => /^2/.test(one)));
  expect(lacking.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test('every refusal is described with a sentence and an example for each code', () => {
  for (const { path, responses } of document.operations.filter((one) => one.path.startsWith('/api/'))) {
    const type = path.startsWith('/api/v2/') ? 'application/problem+json' : 'application/json';
    for (const [status, { description, content }] of Object.entries(responses)) {
      if (!/^[45]/.test(status)) continue;
      const examples = Object.entries(content?.[type]?.examples ?? {});
      expect(examples.length).toBeGreaterThan(0);
      for (const [code, { value }] of examples) {
        expect(description).toContain(`\`${code}\``);
        expect(JSON.stringify(value)).toContain(`"${code}"`);
        expect(JSON.stringify(value)).toContain(`"status":${status}`);
      }
    }
  }
});

test('the routes that take a body, and only they, refuse one that is too large', () => {
  for (const { path, requestBody, responses } of document.operations)
    expect({ path, refuses: '413' in responses }).toEqual({ path, refuses: requestBody !== undefined });
});

test('every field of a body has a type that its example is of, and a required one has an example', () => {
  const wrong: string[] = [];
  const check = (name: string, schema: Schema) => {
    for (const [field, declared] of Object.entries(schema.properties ?? {})) {
      const property = document.resolve(declared);
      if (property.properties) continue;
      const isRequired = schema.required?.includes(field) ?? false;
      if (property.example !== undefined)
        wrong.push(...violations(property, property.example, `${name}.${field}`));
      else if (isRequired) wrong.push(`${name}.${field} has no example`);
    }
  };
  for (const [name, schema] of Object.entries(document.schemas)) check(name, schema);
  expect(Object.keys(document.schemas).length).toBeGreaterThan(10);
  expect(wrong).toEqual([]);
});

test('/docs shows the document to people', async () => {
  const page = await app.request('GET', '/docs');
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/html/),
  ]);
  expect(page.text).toContain('<title>Muster</title>');
  const scripts = [...page.text.matchAll(/src="\.\/(docs\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect((await app.request('GET', `/${script}`)).status).toBe(200);
});
