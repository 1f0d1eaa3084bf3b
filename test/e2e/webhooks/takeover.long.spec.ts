import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ApiClient } from '../../support/api-client.js';
import { SharedLog } from '../../support/instances.js';
import { pause } from '../../support/pause.js';
import { Arrivals, changeGroups, groupEvents } from './arrivals.js';

let log: SharedLog;
let receivers: readonly Arrivals[];

beforeAll(async () => {
  const secret = 'the-secret-of-tests-0123456789abcdef';
  log = await SharedLog.open({ WEBHOOK_ALLOW_PRIVATE: 'true', MUSTER_SECRET: secret });
  receivers = await Promise.all((['subject', 'account'] as const).map((order) => Arrivals.begin(order)));
});
afterAll(async () => {
  await log.close();
  await Promise.all(receivers.map((receiver) => receiver.stop()));
});

/** How many webhooks an instance sends for. */
async function sendsFor(client: ApiClient): Promise<number> {
  const { text } = await client.request('GET', '/metrics');
  return text.split('\n').filter((line) => line.startsWith('muster_webhook_lag_events{')).length;
}

test('Two instances: the one that sends is killed, the other goes on within the claim, and nothing is lost', async () => {
  const doomed = await log.start('doomed');
  for (const receiver of receivers) await receiver.hook(doomed.client);
  while ((await sendsFor(doomed.client)) < receivers.length) await pause();
  const heir = await log.start('heir');
  for (const receiver of receivers) receiver.refusing = 1;
  const kill = receivers[0]?.more(20).then(() => doomed.service.stop('SIGKILL'));
  await Promise.all([changeGroups(doomed.client), kill]);
  expect(await sendsFor(heir.client)).toBe(0);
  const events = await groupEvents(heir.client);
  for (const receiver of receivers) await receiver.whole(events);
  expect(await sendsFor(heir.client)).toBe(receivers.length);
});
