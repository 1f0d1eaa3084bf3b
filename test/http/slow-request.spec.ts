import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { createServer } from '../../src/http/server.js';

const servers: FastifyAdapter[] = [];
afterEach(() => Promise.all(servers.splice(0).map((one) => one.getInstance().close())));

/** Sends a head, then a byte of the rest now and then, for as long as somebody listens. @returns what came back */
async function drip(head: string, requestMs: number): Promise<string> {
  const adapter = createServer([], undefined, { requestMs, connections: 10 });
  servers.push(adapter);
  const server = adapter.getInstance();
  server.post('/', () => 'done');
  await server.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(head);
  const dripping = setInterval(() => socket.write('x'), 20);
  await new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
  clearInterval(dripping);
  return answer;
}

test('C8: a body that does not come to its end in time is given up', async () => {
  const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 4000\r\n\r\n';
  expect(await drip(head, 300)).toMatch(/^HTTP\/1\.1 408 /);
});

test('C8: and so is a head', async () => {
  expect(await drip('POST / HTTP/1.1\r\nhost: ', 300)).toMatch(/^HTTP\/1\.1 408 /);
});
