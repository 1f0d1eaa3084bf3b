import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../support/api-client.js';
import { RunningApp } from '../support/app.js';
import { type AsyncApi, faultsOfMessage } from '../support/async-api.js';
import { Example } from '../support/example.js';
import { addGroup, type Company, openCompany } from '../support/people.js';
import { freePort } from '../support/port.js';
import { type Received, Receiver } from '../support/receiver.js';

let app: RunningApp;
let company: Company;
let receiver: Receiver;
let example: Example | undefined;

beforeAll(async () => {
  app = await RunningApp.start({ WEBHOOK_ALLOW_PRIVATE: 'true' });
  company = await openCompany(app);
  receiver = await Receiver.start();
});
afterEach(() => example?.kill());
afterAll(async () => {
  await receiver.stop();
  await app.stop();
});

/** Passes a request on as it came, or with something changed. */
async function pass(url: string, { headers, body }: Received, more: Partial<Received> = {}): Promise<number> {
  const sent = { ...headers, ...more.headers };
  const own = Object.entries(sent).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && /^(content-type|webhook-.*)$/.test(name) ? [[name, value]] : [],
  );
  return (await fetch(url, { method: 'POST', headers: own, body: more.body ?? body })).status;
}

const printed = () => example?.events.map(({ subject }) => subject);

describe.each([
  ['webhook-receiver.mjs', (made: Answer) => ({ WEBHOOK_SECRET: String(pick(made, 'secret')) })],
  ['webhook-receiver-v1a.mjs', (made: Answer) => ({ PUBLIC_KEY_URL: String(pick(made, 'public_key_url')) })],
])('%s', (file, environmentOf) => {
  test('prints what the service sends, once, and refuses what was changed on the way or is old', async () => {
    const { v1, v2 } = company.admin;
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const made = await v2('POST', '/webhooks', { url, event_types: ['GroupCreated'] });
    const path = `/webhooks/${String(pick(made, 'id'))}`;
    example = new Example(file, [], { PORT: String(port), ...environmentOf(made) });
    await example.says('Waits at');

    const first = await addGroup(v1);
    await example.until(({ events }) => events.length === 1);
    expect(printed()).toEqual([`groups/${first}`]);

    const before = receiver.requests.length;
    await v2('PATCH', path, { url: receiver.url });
    const second = await addGroup(v1);
    await receiver.until(({ requests }) => requests.length > before);
    const sent = receiver.requests[before] ?? { headers: {}, body: '' };
    const old = {
      ...sent.headers,
      'webhook-timestamp': String(Number(sent.headers['webhook-timestamp']) - 301),
    };
    const unsigned = { ...sent.headers, 'webhook-signature': 'v1,AAAA v1a,AAAA' };
    expect(await pass(url, sent, { body: sent.body.replace('GroupCreated', 'GroupDeleted') })).toBe(400);
    expect(await pass(url, sent, { headers: { ...sent.headers, 'webhook-id': 'another' } })).toBe(400);
    expect(await pass(url, sent, { headers: old })).toBe(400);
    expect(await pass(url, sent, { headers: unsigned })).toBe(400);
    expect(printed()).toEqual([`groups/${first}`]);
    expect([await pass(url, sent), await pass(url, sent)]).toEqual([204, 204]);
    await example.until(({ events }) => events.length > 1);
    expect(printed()).toEqual([`groups/${first}`, `groups/${second}`]);

    const rotated = await v2('POST', `${path}/rotate`, {});
    expect(rotated.status).toBe(200);
    await v2('PATCH', path, { url });
    const third = await addGroup(v1);
    await example.until(({ events }) => events.length > 2);
    expect(printed()?.at(-1)).toBe(`groups/${third}`);

    const document = (await app.request('GET', '/asyncapi.json')).body as AsyncApi;
    expect(faultsOfMessage(document, 'GroupCreatedWebhook', JSON.parse(sent.body))).toEqual([]);
    await v2('DELETE', path);
  });
});
