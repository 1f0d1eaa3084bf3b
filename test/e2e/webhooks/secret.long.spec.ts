import { afterAll, afterEach, expect, test } from '@jest/globals';
import { createApp, listen } from '../../../src/app.js';
import { Lifecycle } from '../../../src/application/lifecycle.js';
import { readConfig } from '../../../src/config/config.js';
import { createLog } from '../../../src/json-logger.js';
import { adminKey, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Peer } from '../../support/eventstoredb/peer.js';
import { DataDirectories } from '../../support/process.js';
import { Receiver } from '../../support/receiver.js';
import { Company, expectProblem } from '../v2/company.js';

const data = new DataDirectories();
const [first, second] = ['1', '2'].map((digit) => `a-secret-of-the-service-${digit.repeat(20)}`);
const onDisk = { EVENT_STORE: 'sqlite', MUSTER_DATA_DIR: data.at('sealed'), WEBHOOK_ALLOW_PRIVATE: 'true' };
let running: RunningApp | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => data.remove());

async function start(settings: Partial<Record<string, string>>): Promise<Company> {
  await running?.stop();
  running = undefined;
  running = await RunningApp.start({ ...onDisk, MUSTER_SECRET: undefined, ...settings });
  return Company.first(running);
}

/** Why a start ends. */
async function refusal(settings: Record<string, string>): Promise<unknown> {
  await running?.stop();
  running = undefined;
  const config = readConfig({ ...onDisk, PORT: '0', MUSTER_ADMIN_API_KEY: adminKey, ...settings });
  const app = await createApp(config, createLog('silent'));
  try {
    await listen(app, config);
    return await app.get(Lifecycle).started.then(
      () => 'it started',
      (error: unknown) => (error instanceof Error ? error.message : error),
    );
  } finally {
    await app.close();
  }
}

test('While there is a webhook, a start with another MUSTER_SECRET, or with none, ends and names it; MUSTER_SECRET_OLD changes it', async () => {
  const to = await Receiver.start();
  const company = await start({ MUSTER_SECRET: first });
  const headers = { Authorization: 'Bearer hush' };
  const body = { url: to.url, headers, event_types: ['Group*'] };
  const id = String(pick(await company.call('POST', '/webhooks', body), 'id'));
  const keysOf = async ({ app }: Company) => (await app.request('GET', `/api/v2/webhooks/${id}/keys`)).text;
  const keys = await keysOf(company);

  expect(await refusal({ MUSTER_SECRET: second ?? '' })).toMatch(/^MUSTER_SECRET is not the secret/);
  expect(await refusal({})).toMatch(/^MUSTER_SECRET is not set/);

  for (const settings of [{ MUSTER_SECRET: second, MUSTER_SECRET_OLD: first }, { MUSTER_SECRET: second }]) {
    const again = await start(settings);
    expect(await keysOf(again)).toBe(keys);
    const count = to.requests.length;
    await again.group();
    await to.until(({ requests }) => requests.length > count);
    expect(to.requests.at(-1)?.headers.authorization).toBe('Bearer hush');
  }
  const sealed = await (
    await start({ MUSTER_SECRET: second })
  ).call('GET', '/events?types=WebhookSecretSealed');
  expect((pick(sealed, 'events') as unknown[]).length).toBe(1);

  const last = await start({ MUSTER_SECRET: second });
  expect((await last.call('DELETE', `/webhooks/${id}`)).status).toBe(204);
  expect((await (await start({ MUSTER_SECRET: first })).call('GET', '/webhooks')).body).toEqual([]);
  await to.stop();
});

test('EventStoreDB without MUSTER_SECRET: the service starts, and a webhook is refused with the name of the setting', async () => {
  const peer = await Peer.start();
  const company = await start({ EVENT_STORE: peer.url, MUSTER_DATA_DIR: data.at('without') });
  const answer = await company.call('POST', '/webhooks', { url: 'https://8.8.8.8/in' });
  expectProblem(answer, 409, 'secret_required');
  expect(answer.text).toContain('MUSTER_SECRET');
  expect((await company.call('GET', '/webhooks')).body).toEqual([]);
  await running?.stop();
  running = undefined;
  await peer.stop();
});
