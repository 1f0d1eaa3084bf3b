import type { Principal } from '../read/credentials.js';
import type { SignInsView } from '../read/users.js';

/** A user's sign-ins are recorded at most so often. */
const INTERVAL_MS = 3_600_000;
/** How soon a sign-in is tried to be recorded again after one that could not be. */
const RETRY_MS = 60_000;
const MOST_USERS = 100_000;

/** Knows whose sign-ins are to be recorded: one an hour for each user, however often the password is sent. */
export class SignIns {
  /** From when on a user's sign-ins are looked at again, in milliseconds since the epoch; the oldest entry first. */
  private readonly next = new Map<string, number>();

  constructor(
    private readonly users: { signInsOf(account: string, userId: string): SignInsView | undefined },
    private readonly now: () => number,
    private readonly most = MOST_USERS,
  ) {}

  /** How many users are remembered. */
  get size(): number {
    return this.next.size;
  }

  /**
   * Asks whether a sign-in that happens now is to be recorded. Who hears so has a minute before others hear it, too.
   * @returns how many are on record if this one is to be, undefined if not
   */
  due({ id, account }: Principal): number | undefined {
    const now = this.now();
    const next = this.next.get(id);
    if (next !== undefined && now < next) return undefined;
    const { last_login = null, sign_ins } = this.users.signInsOf(account, id) ?? {};
    const due = last_login === null ? now : Date.parse(last_login) + INTERVAL_MS;
    this.lookAgain(id, now < due ? due : now + RETRY_MS);
    return now < due ? undefined : sign_ins;
  }

  private lookAgain(id: string, at: number): void {
    this.next.delete(id);
    const [oldest] = this.next.keys();
    if (this.next.size >= this.most && oldest !== undefined) this.next.delete(oldest);
    this.next.set(id, at);
  }
}
