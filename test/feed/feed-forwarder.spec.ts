import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { newWebhookSecret } from '../../src/application/webhook-secret.js';
import { FeedForwarder } from '../../src/feed-forwarder.js';

test('an answer that is cut in the middle is asked for again', async () => {
  let asked = 0;
  const body = JSON.stringify({ events: [], next: 7 });
  const service = createServer((_, response) => {
    asked += 1;
    response.writeHead(200, { 'content-length': body.length });
    if (asked > 1) response.end(body);
    else response.write(body.slice(0, 5), () => response.destroy());
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  const of = {
    ...{ server: `http://127.0.0.1:${port}`, key: 'key', to: new URL('http://127.0.0.1:1') },
    ...{ filter: {}, secret: newWebhookSecret() },
  };
  const said: string[] = [];
  const nothing = { post: () => Promise.reject(new Error('There is no event')) };
  const forwarder = new FeedForwarder(of, nothing, (line) => said.push(line), [0]);
  const over = new AbortController();
  const places: string[] = [];
  const place = (cursor: string) => {
    places.push(cursor);
    over.abort(new Error('enough'));
  };
  await expect(forwarder.run('3', place, over.signal)).rejects.toThrow('enough');
  expect(places).toEqual(['7']);
  expect(said).toEqual([
    expect.stringContaining('does not answer (UND_ERR_SOCKET)'),
    'The service answers again',
  ]);
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});
