import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebhookSender } from '../../../src/publish/webhooks/webhook-sender.js';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { pause } from '../../support/pause.js';
import { Company } from '../v2/company.js';
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

const isSending = (id: string) => app.app.get(WebhookSender).lags.some(({ webhook }) => webhook === id);

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

test('A webhook with include_clients that was disabled names what it was not sent of each client, and a replay sends it', async () => {
  const [one, other] = [await company.client(), await company.client()];
  const to = await hooks.receiver();
  const made = await hooks.hook(to, {
    event_types: ['GroupCreated'],
    include_clients: true,
    order: 'account',
  });
  await company.group([], other);
  await to.until(({ requests }) => requests.length === 1);
  const { status } = await company.call('PATCH', `/webhooks/${made.id}`, { status: 'disabled' });
  expect(status).toBe(200);
  while (isSending(made.id)) await pause();
  const missed = [await company.group([], one), await company.group([], one)];
  const enabled = await company.call('PATCH', `/webhooks/${made.id}`, { status: 'active' });
  const gap = (
    pick(enabled, 'disabled_gap') as readonly { client_id: string | null; from: number; to: number }[]
  ).find(({ client_id }) => client_id === one);
  const head = Number(pick(await company.call('GET', `/events?client_id=${one}&limit=1000`), 'next'));
  expect(gap).toMatchObject({ to: head });
  const after = await company.group([], one);
  await to.until(({ requests }) => requests.length === 2);
  expect(to.events.map(({ subject }) => subject).slice(1)).toEqual([`groups/${after}`]);
  const replay = { client_id: one, from: gap?.from, to: gap?.to };
  expect((await company.call('POST', `/webhooks/${made.id}/replay`, replay)).status).toBe(202);
  await to.until(({ requests }) => requests.length === 4);
  expect(to.events.map(({ subject }) => subject).slice(2)).toEqual(missed.map((id) => `groups/${id}`));
});

test('A webhook of a client that is closed is sent its end, and nothing is looked for any more', async () => {
  const client = await company.client();
  const to = await hooks.receiver();
  const made = await company.call('POST', `/webhooks?client_id=${client}`, { url: to.url });
  const id = String(pick(made, 'id'));
  while (!isSending(id)) await pause();
  expect((await app.v1()('DELETE', `/clients/${client}`)).status).toBeLessThan(300);
  await to.until(({ events }) => events.some(({ type }) => type === 'ClientClosed'));
  while (isSending(id)) await pause();
});
