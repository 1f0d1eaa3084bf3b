import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { OpenApiDocument, undescribed } from '../operation/openapi-document.js';
import { Company, expectProblem, expectRefusal } from './company.js';

const url = 'https://8.8.8.8/in';
let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start({ WEBHOOK_ALLOW_PRIVATE: 'false' });
  company = await Company.first(app);
});
afterAll(() => app.stop());

const head = async () => Number((await company.revision())?.split('@')[1]);
const made = async (more: object = {}, key?: string): Promise<string> =>
  String(pick(await company.call('POST', '/webhooks', { url, ...more }, key), 'id'));

test('a webhook is made with defaults, and its secret is shown once', async () => {
  const answer = await company.call('POST', '/webhooks', { url, event_types: [] });
  expect(answer.status).toBe(201);
  const id = String(pick(answer, 'id'));
  expect(answer.body).toMatchObject({
    ...{ url, event_types: ['*'], filter: {}, description: '', payload: 'full', order: 'subject' },
    ...{ on_exhausted: 'disable', headers: {}, max_per_second: null, verify_hours: null, batch: 1 },
    ...{ profile: 'cloudevents', include_attempts: false, include_clients: false, disabled_gap: null },
    ...{ status: 'active', behind: { events: 0, seconds: 0 }, last_errors: [] },
    created_by: { kind: 'user' },
  });
  expect(pick(answer, 'secret')).toMatch(/^whsec_[\w+/]{43}=$/);
  const rest = { ...(answer.body as Record<string, unknown>) };
  delete rest['secret'];
  const again = await company.call('GET', `/webhooks/${id}`);
  expect(again.body).toEqual(rest);
  const list = await company.call('GET', '/webhooks');
  expect(list.headers.get('X-Total-Count')).toBe(String((list.body as unknown[]).length));
  expect(list.body).toContainEqual(rest);
});

test('a webhook with every fact there is, disabled, enabled, and of all clients, answers as the document says', async () => {
  const { operations } = await OpenApiDocument.of(app);
  const foreseen = (method: string, path: string, answer: Answer) => {
    const operation = operations.find(
      (one) => one.method === method && one.path === `/api/v2/webhooks${path}`,
    );
    expect(operation && undescribed(operation, answer)).toEqual([]);
  };
  const id = await company.group();
  const filter = { users: [id], groups: [id], roles: [id], categories: ['role'], privileged: true };
  for (const include_clients of [false, true]) {
    const answer = await company.call('POST', '/webhooks', {
      ...{ url, filter: { ...filter, credential_not: [id] }, headers: { 'X-A': 'a' }, include_clients },
      ...{
        max_per_second: 2.5,
        verify_hours: 24,
        description: 'All',
        order: 'none',
        batch: 2,
        payload: 'thin',
      },
    });
    foreseen('POST', '', answer);
    const path = `/webhooks/${String(pick(answer, 'id'))}`;
    for (const status of ['disabled', 'active']) {
      await company.group();
      foreseen('PATCH', '/{webhookId}', await company.call('PATCH', path, { status }));
      foreseen('GET', '/{webhookId}', await company.call('GET', path));
    }
    foreseen('GET', '/{webhookId}', await company.call('GET', `${path}?as_of=${await head()}`));
  }
});

test('values of headers are never shown; *** keeps them, and sending the same changes nothing', async () => {
  const headers = { Authorization: 'Bearer hush', 'X-A': 'one' };
  const id = await made({ headers });
  const shown = await company.call('GET', `/webhooks/${id}`);
  expect(pick(shown, 'headers')).toEqual({ Authorization: '***', 'X-A': '***' });
  const before = await company.revision();
  for (const same of [{ headers: pick(shown, 'headers') }, { headers }, {}, { url, description: null }])
    expect((await company.call('PATCH', `/webhooks/${id}`, same)).status).toBe(200);
  expect(await company.revision()).toBe(before);
  const changed = await company.call('PATCH', `/webhooks/${id}`, { headers: { 'X-A': '***', 'X-B': 'two' } });
  expect(pick(changed, 'headers')).toEqual({ 'X-A': '***', 'X-B': '***' });
  const log = JSON.stringify((await company.call('GET', '/audit')).body);
  for (const hush of ['hush', 'whsec_', 'sealed']) expect(log).not.toContain(hush);
  await expectRefusal(
    company,
    () => company.call('PATCH', `/webhooks/${id}`, { headers: { 'X-C': '***' } }),
    ...([400, 'bad_request'] as const),
  );
});

describe.each<[string, object]>([
  ['no address', { url: undefined }],
  ['http', { url: 'http://8.8.8.8/' }],
  ['an unknown event', { event_types: ['UserVanished'] }],
  ['a wildcard that matches nothing', { event_types: ['Vanished*'] }],
  ['a wildcard in the middle', { event_types: ['U*r'] }],
  ['an unknown filter', { filter: { users: ['a'], colour: 'red' } }],
  ['an unknown category', { filter: { categories: ['x'] } }],
  ['a batch by subject', { batch: 2 }],
  ['a batch of none', { batch: 0, order: 'none' }],
  ['no attempt a second', { max_per_second: 0 }],
  ['too many attempts a second', { max_per_second: 1001 }],
  ['half an hour', { verify_hours: 0.5 }],
  ['another profile', { profile: 'leef' }],
  ['another order', { order: 'random' }],
  ['a header of the service', { headers: { 'Webhook-Id': 'x' } }],
  ['a header with a line break', { headers: { 'X-A': 'a\r\nHost: b' } }],
  ['a header whose value is ***', { headers: { 'X-A': '***' } }],
  ['a text as a flag', { include_attempts: 'yes' }],
])('a webhook with %s', (_, wrong) => {
  test('is 400 and writes nothing', () =>
    expectRefusal(company, () => company.call('POST', '/webhooks', { url, ...wrong }), 400, 'bad_request'));
});

test('a private target is refused when it is made and when it is changed', async () => {
  const private_url = { url: 'https://127.1/' };
  const id = await made();
  for (const [method, path] of [
    ['POST', ''],
    ['PATCH', `/${id}`],
  ] as const)
    await expectRefusal(
      company,
      () => company.call(method, `/webhooks${path}`, private_url),
      ...([400, 'private_target'] as const),
    );
});

test('status: paused and resumed, disabled and enabled with the gap between', async () => {
  const id = await made();
  const post = (what: string) => company.call('POST', `/webhooks/${id}/${what}`);
  const patch = (status: string) => company.call('PATCH', `/webhooks/${id}`, { status });
  expect(pick(await post('pause'), 'status')).toBe('paused');
  expect(pick(await post('resume'), 'status')).toBe('active');
  const after = await head();
  const disabled = await patch('disabled');
  expect(disabled.body).toMatchObject({ status: 'disabled', disabled_reason: 'manual', disabled_gap: null });
  expectProblem(await post('pause'), 409, 'webhook_disabled');
  const enabled = await patch('active');
  expect(enabled.body).toMatchObject({ status: 'active', disabled_gap: { to: await head() } });
  expect(Number(pick(enabled, 'disabled_gap', 'from'))).toBeLessThanOrEqual(after + 1);
  expectProblem(await patch('paused'), 400, 'bad_request');
});

test('a rotation shows another secret, and both keys are public without a credential', async () => {
  const id = await made();
  const keys = async () => pick(await app.request('GET', `/api/v2/webhooks/${id}/keys`), 'keys') as string[];
  const [first] = await keys();
  expect(first).toMatch(/^whpk_[\w+/]{43}=$/);
  const rotated = await company.call('POST', `/webhooks/${id}/rotate`);
  expect(pick(rotated, 'secret')).toMatch(/^whsec_/);
  expect(await keys()).toEqual([expect.stringMatching(/^whpk_/), first]);
  expect((await company.call('DELETE', `/webhooks/${id}`)).status).toBe(204);
  expectProblem(await company.call('GET', `/webhooks/${id}`), 404, 'webhook_not_found');
  expect((await app.request('GET', `/api/v2/webhooks/${id}/keys`)).status).toBe(404);
});

test('the maker is named when it is deleted, too', async () => {
  const { id: user, key } = await company.personWith('account.settings', 'audit.read');
  const id = await made({}, key);
  const name = pick(await company.call('GET', `/webhooks/${id}`), 'created_by', 'name');
  expect(name).toMatch(/\w/);
  const then = (await company.revision())?.split('@')[1];
  await app.v1()('PUT', `/users/${user}`, { first_name: 'Renamed' });
  const renamed = pick(await company.call('GET', `/webhooks/${id}`), 'created_by', 'name');
  expect([renamed, renamed === name]).toEqual([expect.stringContaining('Renamed'), false]);
  for (const path of [`/webhooks/${id}`, '/webhooks'])
    expect((await company.call('GET', `${path}?as_of=${then}`)).text).toContain(`"name":"${String(name)}"`);
  await app.v1()('DELETE', `/users/${user}`);
  expect(pick(await company.call('GET', `/webhooks/${id}`), 'created_by')).toEqual({
    ...{ kind: 'user', id: user, name: renamed },
  });
  const past = await company.call('GET', `/webhooks/${id}?as_of=${then}`);
  expect(pick(past, 'created_by', 'name')).toBe(name);
});

test('readers of the log see webhooks; making one takes account.settings besides', async () => {
  const reader = await company.personWith('audit.read');
  const settler = await company.personWith('account.settings');
  expect((await company.call('GET', '/webhooks', undefined, reader.key)).status).toBe(200);
  expectProblem(await company.call('GET', '/webhooks', undefined, settler.key), 403, 'access_denied');
  for (const { key } of [reader, settler])
    await expectRefusal(
      company,
      () => company.call('POST', '/webhooks', { url }, key),
      ...([403, 'access_denied'] as const),
    );
});

test('unknown parameters are 400', async () => {
  for (const path of ['/webhooks?colour=red', `/webhooks/${await made()}?limit=1`])
    expectProblem(await company.call('GET', path), 400, 'bad_request');
});
