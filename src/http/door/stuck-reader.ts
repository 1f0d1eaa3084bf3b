import { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** So long a reader may take nothing of an answer, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Cuts an answer off once its reader takes nothing of it for so long. While it is still being made, nothing is cut.
 */
export function cutWhenStuck({ raw }: Pick<FastifyReply, 'raw'>, ms = PATIENCE_MS): void {
  // A request that is handed over within the process has a reader that waits for nothing.
  if (raw.socket && !(raw.socket instanceof Socket)) return;
  raw.setTimeout(ms, () => {
    if (raw.writableLength > 0) raw.destroy();
  });
  // The next answer of the connection may be waiting already. It gets the connection with the same event, after this.
  raw.prependOnceListener('finish', () => raw.setTimeout(0));
}
