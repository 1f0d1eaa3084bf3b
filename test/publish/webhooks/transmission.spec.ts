import { expect, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { Transmission } from '../../../src/publish/webhooks/transmission.js';
import type { AccountWebhook } from '../../../src/read/present-webhooks.js';
import { webhookFacts } from '../../support/webhooks.js';

const to = { account: 'acme', closed: false, webhook: { ...webhookFacts({ batch: 2 }), id: 'hook' } };
const events = [1, 2, 3, 4, 5].map((revision) => {
  const id = `acme/${revision}`;
  return { id, text: JSON.stringify({ id, data: {} }), at: `acme@${revision}` };
});

/** Sends the events; the answers are those of the receiver. */
async function sent(...answers: readonly number[]) {
  const bodies: string[] = [];
  const post = (_: URL, __: object, body: string | Buffer) => {
    bodies.push(String(body));
    const status_code = answers[bodies.length - 1] ?? 204;
    return Promise.resolve({ status_code, duration_ms: 1, response: '' });
  };
  const transmission = new Transmission({
    ...{
      requests: { post, close: () => undefined },
      clock: new Clock(),
      base: () => 'http://muster.example',
    },
    seals: { credentialsOf: () => ({ secrets: [], headers: {} }) },
  });
  const { signal } = new AbortController();
  const { isAccepted } = await transmission.send(to as unknown as AccountWebhook, events, '0', signal);
  const ids = bodies.map((body) =>
    body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id),
  );
  return { isAccepted, ids };
}

test('A batch that is larger than the webhook takes by now goes out in several requests, until one is not accepted', async () => {
  const pairs = [['acme/1', 'acme/2'], ['acme/3', 'acme/4'], ['acme/5']];
  expect(await sent()).toEqual({ isAccepted: true, ids: pairs });
  expect(await sent(204, 500)).toEqual({ isAccepted: false, ids: pairs.slice(0, 2) });
});
