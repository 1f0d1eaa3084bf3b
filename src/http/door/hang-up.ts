import type { FastifyReply } from 'fastify';

/** Aborts when the caller hangs up before the answer is complete. */
export function hangUpOf(reply: FastifyReply): AbortSignal {
  const hangUp = new AbortController();
  const { raw } = reply;
  raw.once('close', () => {
    if (!raw.writableFinished) hangUp.abort();
  });
  return hangUp.signal;
}
