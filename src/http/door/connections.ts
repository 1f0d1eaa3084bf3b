import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { sourceOf } from './source.js';

/**
 * Has a server close connections that are too many, before anything is read from them: more than it may have open at a
 * time, or more than half of that from one source.
 */
export function limitConnections(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.maxConnections = most;
  server.on('connection', (socket: Socket) => {
    const source = sourceOf(socket.remoteAddress);
    const count = (open.get(source) ?? 0) + 1;
    if (count > most / 2) {
      socket.destroy();
      return;
    }
    open.set(source, count);
    socket.once('close', () => {
      const left = (open.get(source) ?? 1) - 1;
      if (left > 0) open.set(source, left);
      else open.delete(source);
    });
  });
}
