import { Rejection } from '../domain/rejection.js';
import { UnreadableEvent } from '../event-store/codec.js';

/** What the caller hears of a failure that is not a refusal: whether to try again depends on it. */
export function unavailable(error: unknown): Rejection {
  const rejection = new Rejection(error instanceof UnreadableEvent ? 'account_unreadable' : 'unavailable');
  rejection.cause = error;
  return rejection;
}
