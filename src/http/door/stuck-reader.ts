import type { FastifyReply } from 'fastify';

/** So long a reader may take nothing of an answer, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Cuts an answer off once its reader takes nothing of it for so long. While it is still being made, nothing is cut.
 * Node sets the time of the connection anew at the end of the answer.
 */
export function cutWhenStuck({ raw }: Pick<FastifyReply, 'raw'>, ms = PATIENCE_MS): void {
  raw.setTimeout(ms, () => {
    if (raw.writableLength > 0) raw.destroy();
  });
}
