import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OperationsServer } from '../../src/http/operations/operations-server.js';
import { createServer } from '../../src/http/server.js';

const main = createServer([]).getInstance();
const operations = new OperationsServer(main, { requestMs: 30_000, connections: 10 });
const ports = { main: 0, operations: 0 };

beforeAll(async () => {
  await main.listen({ port: 0, host: '127.0.0.1' });
  ports.main = (main.server.address() as AddressInfo).port;
  ports.operations = await operations.listen(0, '127.0.0.1');
});

afterAll(() => main.close());

async function answerTo(sent: string, port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(sent);
  await new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
  return answer;
}

test.each([
  ['what is no HTTP', 400, '\x16\x03\x01\x02\x00\x01'],
  ['a header without a colon', 400, 'GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n'],
  ['two lengths', 400, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['headers that are too long', 431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
])('E7: %s is answered like any error, and nobody guesses at its type', async (_, status, sent) => {
  for (const port of Object.values(ports)) {
    const [head = '', body = ''] = (await answerTo(sent, port)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    expect(head).toContain('X-Content-Type-Options: nosniff');
    expect(JSON.parse(body)).toMatchObject({ status, code: 'bad_request' });
  }
});
