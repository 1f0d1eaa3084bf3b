import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cutWhenStuck } from '../../src/http/door/stuck-reader.js';

/** The answers that were begun, in their order. */
const answers: ServerResponse[] = [];
const server = createServer((request, raw) => {
  answers.push(raw);
  if (request.url === '/large') {
    cutWhenStuck({ raw }, 50);
    raw.end(Buffer.alloc(64 * 1024 * 1024));
  } else if (request.url === '/slow') {
    cutWhenStuck({ raw }, 50);
    // The time of the answer is over, and it is still being made.
    raw.once('timeout', () => raw.end('made'));
  } else {
    const before = answers.at(-2);
    const end = () => raw.end(`next ${request.socket.timeout ?? 0}`);
    if (before?.closed === false) before.once('close', end);
    else end();
  }
});

beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function open() {
  return connect((server.address() as AddressInfo).port, '127.0.0.1');
}

test('an answer is cut off once its reader takes nothing of it', async () => {
  const socket = open().pause();
  socket.on('error', () => undefined);
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(server, 'request');
  const raw = answers.at(-1);
  if (raw?.closed === false) await once(raw, 'close');
  expect(raw?.req.socket.destroyed).toBe(true);
  socket.destroy();
});

test.each(['later', 'at once'])(
  'one that is still being made is not, nor is the next, sent %s',
  async (when) => {
    const socket = open().setEncoding('utf8');
    let text = '';
    socket.on('data', (piece: string) => (text += piece));
    const [slow, next] = ['GET /slow HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'];
    socket.write(when === 'later' ? slow : slow + next);
    while (!text.includes('made')) await once(socket, 'data');
    if (when === 'later') socket.write(next);
    while (!text.includes('next')) await once(socket, 'data');
    expect(text).toContain('next 0');
    socket.destroy();
  },
);
