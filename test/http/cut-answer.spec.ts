import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { recordAttempts } from '../../src/http/server.js';

test('A request whose caller hangs up in the middle of the answer is taken note of, once', async () => {
  const adapter = new FastifyAdapter();
  const taken: number[] = [];
  const isTaken = new Promise<void>((resolve) => {
    recordAttempts(adapter, {
      take: (_, { statusCode }) => {
        taken.push(statusCode);
        resolve();
      },
    });
  });
  const server = adapter.getInstance();
  const endless = () => Readable.from(chunks(), { objectMode: false });
  server.get('/', (_, reply) => reply.send(endless()));
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const request = get({ port, host: '127.0.0.1' });
  request.on('error', () => undefined);
  await once(request, 'response');
  request.destroy();
  await isTaken;
  await server.close();
  expect(taken).toEqual([200]);
});

function* chunks() {
  for (;;) yield 'x'.repeat(65_536);
}
