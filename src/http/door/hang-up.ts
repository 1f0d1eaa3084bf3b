import type { FastifyReply } from 'fastify';
import { atEndOf } from './end-of-answer.js';

/** Aborts when the caller hangs up before the answer is complete. */
export function hangUpOf(reply: Pick<FastifyReply, 'raw'>): AbortSignal {
  const hangUp = new AbortController();
  atEndOf(reply, () => {
    if (!reply.raw.writableFinished) hangUp.abort();
  });
  return hangUp.signal;
}
