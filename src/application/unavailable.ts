import { Rejection, type RejectionCode } from '../domain/rejection.js';
import { UnreadableEvent } from '../event-store/codec.js';
import { AccountTooLarge } from './account-too-large.js';

/**
 * The answer to the caller after a failure that is not a refusal.
 * It says whether to try again.
 */
export function unavailable(error: unknown): Rejection {
  const rejection = new Rejection(codeOf(error));
  rejection.cause = error;
  return rejection;
}

function codeOf(error: unknown): RejectionCode {
  if (error instanceof AccountTooLarge) return 'account_too_large';
  return error instanceof UnreadableEvent ? 'account_unreadable' : 'unavailable';
}
