import { LRUCache } from 'lru-cache';
import type { Principal } from '../read/credentials.js';
import type { SignInsView } from '../read/sign-ins.js';

/** The least time between two recorded sign-ins of a user, in milliseconds. */
const INTERVAL_MS = 3_600_000;
/** The time after which another sign-in is tried if the last one was not recorded, in milliseconds. */
const RETRY_MS = 60_000;
const MOST_USERS = 100_000;

/** Decides which sign-ins are recorded: one an hour per user, however often the password is sent. */
export class SignIns {
  /** The time in which no further sign-in of a user is recorded, in milliseconds since the epoch. */
  private readonly next: LRUCache<string, { readonly from: number; readonly until: number }>;

  constructor(
    private readonly recorded: { of(user: Principal): SignInsView | undefined },
    private readonly now: () => number,
    most = MOST_USERS,
  ) {
    this.next = new LRUCache({ max: most });
  }

  /** The number of users remembered. */
  get size(): number {
    return this.next.size;
  }

  /**
   * Whether a sign-in that happens now is to be recorded.
   * The caller told so has a minute to record it. Only then may another caller be told the same.
   * @returns the number of recorded sign-ins if this one is to be recorded, otherwise undefined
   */
  due(user: Principal): number | undefined {
    const { id } = user;
    const now = this.now();
    const next = this.next.get(id);
    if (next && next.from <= now && now < next.until) return undefined;
    const { last_login = null, sign_ins } = this.recorded.of(user) ?? {};
    const last = last_login === null ? -Infinity : Date.parse(last_login);
    // A sign-in ahead of the clock was recorded while the clock was wrong.
    const isDue = now < last || now >= last + INTERVAL_MS;
    this.next.set(id, { from: now, until: isDue ? now + RETRY_MS : last + INTERVAL_MS });
    return isDue ? sign_ins : undefined;
  }
}
