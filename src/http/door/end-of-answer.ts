import type { FastifyReply } from 'fastify';

type Action = () => void;

const waiting = new WeakMap<FastifyReply['raw'], Action[]>();

/**
 * Acts once an answer has gone out or its caller has hung up; at once when that has happened already.
 * An answer is listened to once, however many wait for its end: Node takes more than ten listeners for a leak.
 */
export function atEndOf({ raw }: Pick<FastifyReply, 'raw'>, action: Action): void {
  const others = waiting.get(raw);
  if (raw.closed) action();
  else if (others) others.push(action);
  else {
    const actions = [action];
    waiting.set(raw, actions);
    raw.once('close', () => {
      for (const act of actions) act();
    });
  }
}
