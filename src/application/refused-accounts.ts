import type { AccountTooLarge } from './account-too-large.js';

const SHORTEST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

interface Refused {
  readonly error: AccountTooLarge;
  readonly pauseMs: number;
  /** When it may be tried again, by the monotonic clock. */
  readonly until: number;
}

/** Accounts that were too large when they were loaded last. To find that out again costs much work. */
export class RefusedAccounts {
  private readonly refused = new Map<string, Refused>();

  /** @throws AccountTooLarge when the account was too large a while ago */
  assertLoadable(id: string): void {
    const refused = this.refused.get(id);
    if (refused && performance.now() < refused.until) throw refused.error;
  }

  /** Has an account that is too large left alone for a while, longer each time. */
  refuse(id: string, error: AccountTooLarge): void {
    const last = this.refused.get(id)?.pauseMs ?? SHORTEST_PAUSE_MS / 2;
    const pauseMs = Math.min(2 * last, LONGEST_PAUSE_MS);
    this.refused.set(id, { error, pauseMs, until: performance.now() + pauseMs });
  }

  /** Takes note that an account fits. */
  fits(id: string): void {
    this.refused.delete(id);
  }
}
