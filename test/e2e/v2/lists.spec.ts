import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { call, furnished, type Ids } from '../operation/furnished.js';
import { OpenApiDocument, type Operation } from '../operation/openapi-document.js';
import { type Company, expectProblem } from './company.js';

/** X93 on every list of v2 that the document knows: a new one is among them by itself. */
let app: RunningApp;
let company: Company;
let ids: Ids;
let lists: readonly Operation[];

beforeAll(async () => {
  app = await RunningApp.start();
  lists = (await OpenApiDocument.of(app)).operations.filter(
    ({ method, path, responses }) =>
      method === 'GET' &&
      path.startsWith('/api/v2/') &&
      responses['200']?.content?.['application/json']?.schema?.type === 'array',
  );
  ({ company, ids } = await furnished(app));
  await company.call('POST', `/users/${ids['userId'] ?? ''}/keys`, {});
  await company.call('PUT', `/groups/${ids['groupId'] ?? ''}/users/${company.admin.id}`, {});
  const permissions = ['b.read', 'c.read'];
  await company.call('PUT', `/users/${ids['userId'] ?? ''}/permissions`, { permissions });
});

afterAll(() => app.stop());

/** Counts of the audit log and the access review come whole. */
const paged = () => lists.filter(({ path }) => !/\/(stats|access-review)$/.test(path));
/** How far a webhook is behind depends on the time of day. */
const rowsOf = ({ text }: Answer) =>
  JSON.parse(text, (name, value: unknown) => (name === 'behind' ? null : value)) as readonly unknown[];
const totalOf = ({ headers }: Answer) => headers.get('x-total-count');

test('X93 every list says in X-Total-Count how many rows it has', async () => {
  expect(lists.map(({ path }) => path)).toContain('/api/v2/users/{userId}/effective-permissions');
  for (const list of lists) {
    // It is streamed, so nobody knows at its beginning.
    if (list.path.endsWith('/access-review')) continue;
    const answer = await call(list, company, ids);
    const rows = rowsOf(answer);
    expect(rows.length).toBeGreaterThan(1);
    expect([list.path, totalOf(answer)]).toEqual([list.path, String(rows.length)]);
  }
});

test('X93 every list pages with limit and offset, in one order', async () => {
  for (const list of paged()) {
    const page = (query: string) => call(list, company, ids, undefined, query);
    const whole = rowsOf(await page('?limit=100'));
    for (const [offset, row] of whole.entries()) {
      const answer = await page(`?limit=1&offset=${offset}`);
      expect([list.path, rowsOf(answer)]).toEqual([list.path, [row]]);
      expect(totalOf(answer)).toBe(String(whole.length));
    }
    const behind = await page(`?offset=${whole.length}`);
    expect([rowsOf(behind), totalOf(behind)]).toEqual([[], String(whole.length)]);
    expect(rowsOf(await page('?limit=1000&offset=1'))).toEqual(whole.slice(1));
  }
});

test('X67 X93 every list refuses a limit or an offset that is none', async () => {
  for (const list of paged())
    for (const query of ['limit=0', 'limit=-1', 'limit=x', 'offset=-1', 'offset=1.5', 'limit=1&limit=2'])
      expectProblem(await call(list, company, ids, undefined, `?${query}`), 400, 'bad_request');
});

test('X93 the document has limit, offset and X-Total-Count of every list', () => {
  for (const { path, parameters, responses } of paged()) {
    const names = parameters.map(({ name }) => name);
    expect([path, names]).toEqual([path, expect.arrayContaining(['limit', 'offset'])]);
    expect([path, Object.keys(responses['200']?.headers ?? {})]).toEqual([path, ['X-Total-Count']]);
  }
});
