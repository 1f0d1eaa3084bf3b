import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the system gives out, a range for each of jest's workers. */
const SIZE = 3_000;
const first = 20_000 + (Number(process.env['JEST_WORKER_ID'] ?? 0) % 4) * SIZE;
let offset = Math.floor(Math.random() * SIZE);

/**
 * A free port of 127.0.0.1 that no test file is given twice, and that nobody else is given while its server is down.
 * The system gives a port out again at once, and the client of EventStoreDB, which keeps its connections by address,
 * then takes a new server for the one that is gone.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < SIZE; tried++) {
    const port = first + (offset++ % SIZE);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${first} to ${first + SIZE - 1} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
