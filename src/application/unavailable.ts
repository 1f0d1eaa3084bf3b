import { Rejection, type RejectionCode } from '../domain/rejection.js';
import { UnreadableEvent } from '../event-store/codec.js';
import { StoreUnavailable } from '../event-store/event-store.js';
import { AccountTooLarge } from './account-too-large.js';

/**
 * The answer to the caller after a failure that is not a refusal.
 * It says whether to try again.
 * @param detail in place of what the code alone says
 */
export function unavailable(error: unknown, detail?: string): Rejection {
  const rejection = new Rejection(codeOf(error), detail);
  rejection.cause = error;
  return rejection;
}

/** Asks a store. @throws Rejection unavailable when it does not answer */
export async function answered<Result>(question: () => Promise<Result>, detail?: string): Promise<Result> {
  try {
    return await question();
  } catch (error) {
    throw error instanceof StoreUnavailable ? unavailable(error, detail) : error;
  }
}

/** Reads events of a store. @throws Rejection unavailable, account_unreadable */
export async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const isOutage = error instanceof UnreadableEvent || error instanceof StoreUnavailable;
    throw isOutage ? unavailable(error) : error;
  }
}

function codeOf(error: unknown): RejectionCode {
  if (error instanceof AccountTooLarge) return 'account_too_large';
  return error instanceof UnreadableEvent ? 'account_unreadable' : 'unavailable';
}
