import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunningApp } from '../../support/app.js';
import { call, exampleBody, furnished } from './furnished.js';
import { OpenApiDocument, type Schema } from './openapi-document.js';

let app: RunningApp;
let document: OpenApiDocument;

beforeAll(async () => {
  app = await RunningApp.start();
  document = await OpenApiDocument.of(app);
});

afterAll(() => app.stop());

interface Field {
  readonly path: readonly string[];
  readonly isNullable: boolean;
}

/** The fields of a body, and those of the objects in it. */
function fieldsOf(schema: Schema, above: readonly string[] = []): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, declared]) => {
    const [path, resolved] = [[...above, name], document.resolve(declared)];
    return [
      { path, isNullable: declared.nullable ?? resolved.nullable ?? false },
      ...fieldsOf(resolved, path),
    ];
  });
}

function withNull(body: unknown, [name = '', ...rest]: readonly string[]): object {
  const fields = body as Record<string, unknown>;
  return { ...fields, [name]: rest.length > 0 ? withNull(fields[name], rest) : null };
}

test('a field that may be null says so in the document, and no other does', async () => {
  const { company, ids } = await furnished(app);
  let seen = 0;
  for (const operation of document.operations.filter(({ path }) => !path.startsWith('/api/1/'))) {
    const schema = document.bodySchema(operation);
    if (!schema) continue;
    for (const { path, isNullable } of fieldsOf(schema)) {
      const body = withNull(exampleBody(document, operation, ids), path);
      const { status, text } = await call(operation, company, ids, body);
      const isRefused = status === 400 && text.includes(path.join('.')) && !text.includes('taken away');
      const field = `${operation.method} ${operation.path} ${path.join('.')}`;
      expect([field, isRefused]).toEqual([field, !isNullable]);
      seen += 1;
    }
  }
  expect(seen).toBeGreaterThan(60);
});

test('settings that a body holds may be null, which removes them', () => {
  const settings = document.operations.find(({ path }) => path.endsWith('/settings'));
  const values = settings && document.bodySchema(settings)?.additionalProperties?.oneOf;
  expect(values?.map(({ type, nullable }) => [type, nullable ?? false])).toEqual([
    ['string', true],
    ['number', false],
    ['boolean', false],
  ]);
});
