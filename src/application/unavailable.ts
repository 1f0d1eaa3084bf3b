import { Rejection } from '../domain/rejection.js';
import { UnreadableEvent } from '../event-store/codec.js';

/**
 * The answer to the caller after a failure that is not a refusal.
 * It says whether to try again.
 */
export function unavailable(error: unknown): Rejection {
  const rejection = new Rejection(error instanceof UnreadableEvent ? 'account_unreadable' : 'unavailable');
  rejection.cause = error;
  return rejection;
}
