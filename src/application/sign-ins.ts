import { LRUCache } from 'lru-cache';
import type { Principal } from '../read/credentials.js';
import type { SignInsView } from '../read/sign-ins.js';

/** A user's sign-ins are recorded at most so often. */
const INTERVAL_MS = 3_600_000;
/** How soon a sign-in is tried to be recorded again after one that could not be. */
const RETRY_MS = 60_000;
const MOST_USERS = 100_000;

/** Knows whose sign-ins are to be recorded: one an hour for each user, however often the password is sent. */
export class SignIns {
  /** While a user's sign-ins are not looked at, in milliseconds since the epoch. */
  private readonly next: LRUCache<string, { readonly from: number; readonly until: number }>;

  constructor(
    private readonly recorded: { of(user: Principal): SignInsView | undefined },
    private readonly now: () => number,
    most = MOST_USERS,
  ) {
    this.next = new LRUCache({ max: most });
  }

  /** How many users are remembered. */
  get size(): number {
    return this.next.size;
  }

  /**
   * Asks whether a sign-in that happens now is to be recorded. Who hears so has a minute before others hear it, too.
   * @returns how many are on record if this one is to be, undefined if not
   */
  due(user: Principal): number | undefined {
    const { id } = user;
    const now = this.now();
    const next = this.next.get(id);
    if (next && next.from <= now && now < next.until) return undefined;
    const { last_login = null, sign_ins } = this.recorded.of(user) ?? {};
    const last = last_login === null ? -Infinity : Date.parse(last_login);
    // What lies ahead of the clock was recorded when the clock was wrong.
    const isDue = now < last || now >= last + INTERVAL_MS;
    this.next.set(id, { from: now, until: isDue ? now + RETRY_MS : last + INTERVAL_MS });
    return isDue ? sign_ins : undefined;
  }
}
