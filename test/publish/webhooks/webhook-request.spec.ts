import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { NameLookUp } from '../../../src/publish/webhooks/name-look-up.js';
import { WebhookRequests } from '../../../src/publish/webhooks/webhook-request.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function receiver(listener: RequestListener): Promise<URL> {
  const own = createServer(listener);
  server = own;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const address = own.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/in`);
}
const sender = (patienceMs = 15_000, allowPrivate = true) =>
  new WebhookRequests(new NameLookUp({ allowPrivate }), patienceMs);

test('the status and the first kilobyte of the answer are kept', async () => {
  const url = await receiver((_, reply) => reply.writeHead(500).end('x'.repeat(5000)));
  const answer = await sender().post(url, { 'x-a': 'b' }, '{}');
  expect(answer).toMatchObject({ status_code: 500, response: 'x'.repeat(1024) });
  expect(answer.error).toBeUndefined();
});

test('a redirect is not followed', async () => {
  let requests = 0;
  const url = await receiver((_, reply) => {
    requests += 1;
    reply.writeHead(302, { location: '/else' }).end();
  });
  expect(await sender().post(url, {}, '{}')).toMatchObject({ status_code: 302 });
  expect(requests).toBe(1);
});

test('a receiver that says nothing, and one that resets, are failed attempts', async () => {
  const silent = await receiver(() => undefined);
  expect(await sender(50).post(silent, {}, '{}')).toMatchObject({ status_code: null, error: 'timeout' });
  server?.closeAllConnections();
  server?.close();
  const resetting = await receiver((request) => request.socket.destroy());
  expect(await sender().post(resetting, {}, '{}')).toMatchObject({ status_code: null, error: 'ECONNRESET' });
});

test('a private address is not connected to', async () => {
  let requests = 0;
  const url = await receiver(() => {
    requests += 1;
  });
  const answer = await sender(15_000, false).post(url, {}, '{}');
  expect([answer.error, requests]).toEqual(['private_target', 0]);
});

test('a webhook that was made when http was allowed is not sent to by http when it is not', async () => {
  const url = new URL('http://receiver.example/in');
  expect(await sender(15_000, false).post(url, {}, '{}')).toMatchObject({ error: 'https_required' });
});

test('a receiver that resets each kept connection is tried once more on a new one, and not for ever', async () => {
  let requests = 0;
  const url = await receiver((request, reply) => {
    requests += 1;
    if (requests <= 3) reply.writeHead(204).end();
    else request.resume().on('end', () => request.socket.destroy());
  });
  const requester = sender();
  await Promise.all([1, 2, 3].map(() => requester.post(url, {}, '{}')));
  expect(await requester.post(url, {}, '{}')).toMatchObject({ error: 'ECONNRESET' });
  expect(requests).toBe(5);
  requester.close();
});
