import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem } from '../v2/company.js';
import { Hooks } from './hooks.js';

let app: RunningApp;
let company: Company;
let hooks: Hooks;

beforeAll(async () => {
  app = await RunningApp.start({ WEBHOOK_ALLOW_PRIVATE: 'true' });
  company = await Company.first(app);
  hooks = new Hooks(company);
});
afterAll(async () => {
  await hooks.clear();
  await app.stop();
});

test('A webhook with include_clients is sent what happens in all clients, also in those opened later', async () => {
  const [before, to] = [await company.client(), await hooks.receiver()];
  await hooks.hook(to, { event_types: ['GroupCreated'], include_clients: true, order: 'account' });
  const group = await company.group([], before);
  const opened = await company.client();
  const other = await company.group([], opened);
  const own = await company.group();
  const stranger = await Company.open(app);
  await stranger.group();
  const last = await company.group([], opened);
  await to.until(({ requests }) => requests.length === 4);
  expect(to.events.map(({ source, subject }) => [source, subject])).toEqual([
    [`/accounts/${before}`, `groups/${group}`],
    [`/accounts/${opened}`, `groups/${other}`],
    [`/accounts/${company.id}`, `groups/${own}`],
    [`/accounts/${opened}`, `groups/${last}`],
  ]);
});

test('the cursor that a webhook with include_clients carries is one of the feed with include_clients', async () => {
  const to = await hooks.receiver();
  await hooks.hook(to, { event_types: ['GroupCreated'], include_clients: true, order: 'account' });
  const groups = [await company.group([], await company.client()), await company.group()];
  await to.until(({ requests }) => requests.length === 2);
  for (const [index, { cursor }] of to.events.entries()) {
    const after = encodeURIComponent(String(cursor));
    const feed = await company.call('GET', `/events?include_clients=true&types=GroupCreated&after=${after}`);
    expect(feed.status).toBe(200);
    const subjects = (pick(feed, 'events') as { subject: string }[]).map(({ subject }) => subject);
    expect(subjects).toEqual(groups.slice(index).map((id) => `groups/${id}`));
  }
});

test('A webhook that would not get what it was promised is refused', async () => {
  const url = 'https://example.com/in';
  for (const body of [{ profile: 'ocsf' }, { profile: 'cef' }, { include_attempts: true }])
    expectProblem(await company.call('POST', '/webhooks', { url, ...body }), 400, 'bad_request');
});
