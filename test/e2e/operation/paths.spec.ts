import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';

let app: RunningApp;
let operations: string;

beforeAll(async () => {
  app = await RunningApp.start({ MUSTER_OPERATIONS_PORT: '0' });
  operations = `http://127.0.0.1:${app.operationsPort}`;
});
afterAll(() => app.stop());

const status = async (url: string) => (await fetch(url)).status;

test.each(['/health/live', '/health/ready', '/metrics'])(
  'E6: %s is at a port of its own alone',
  async (path) => {
    expect([await status(operations + path), await status(app.url + path)]).toEqual([200, 404]);
  },
);

test.each(['/api/1.0/users', '/api/v2/groups', '/password', '/docs', '/openapi.json', '/'])(
  'E6: %s is not at that of health and metrics',
  async (path) => {
    expect(await status(operations + path)).toBe(404);
  },
);

test.each([
  '/metrics/',
  '/%6detrics',
  '/metric%73',
  '//metrics',
  '/health//live',
  '/health/live/',
  '/health/%6cive',
])('E6: %s is 404, for it is another spelling', async (path) => {
  expect(await status(operations + path)).toBe(404);
});

test.each(['/users/', '//users', '/%75sers', '/users%2F', '/groups/x//users'])(
  'E6: v1 has one spelling of a path as well: %s',
  async (path) => {
    const answer = await app.v1()('GET', path);
    expect([answer.status, pick(answer, 'meta', 'error_code')]).toEqual([404, 'not_found']);
  },
);

test('E6: and so has v2, in its own form', async () => {
  const answer = await app.v2()('GET', '/groups/');
  expect([answer.status, pick(answer, 'code')]).toEqual([404, 'not_found']);
  expect((await app.v2()('POST', '//groups', { name: 'x', permissions: [] })).status).toBe(404);
});
