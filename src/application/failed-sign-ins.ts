/** No more counters than this are kept. The oldest goes first. */
const MOST_COUNTERS = 100_000;

interface Counter {
  readonly failures: number;
  /** When the last failure was, in milliseconds since the epoch. */
  readonly at: number;
  /** The hashes of the other users' passwords that were tried. */
  readonly tried: ReadonlySet<string>;
}

const none: Omit<Counter, 'at'> = { failures: 0, tried: new Set() };

/**
 * Counts the failed sign-ins with a user's password from one source.
 * The counters are in memory. A counter is forgotten some time after its last failure.
 */
export class FailedSignIns {
  /** By password and source, in the order of the last failure. */
  private readonly counters = new Map<string, Counter>();
  private readonly memoryMs: number;

  /** @param after this number of failures is too many; with 0 no number is */
  constructor(
    private readonly after: number,
    minutes: number,
    private readonly now: () => number,
    private readonly most = MOST_COUNTERS,
  ) {
    this.memoryMs = minutes * 60_000;
  }

  /** The number of counters kept. */
  get size(): number {
    return this.counters.size;
  }

  /**
   * @param guessed names a user's present password
   * @param other hash of the password that was sent, if it is right for another user of the same address. It
   *   is then a guess at this user's password only if a different such password was tried before: its owner
   *   may send the same one again and again.
   * @returns whether there were too many failures by now; true again for each further one until they are
   *   forgotten
   */
  count(guessed: string, source: string, other?: string): boolean {
    if (this.after === 0) return false;
    const at = this.now();
    this.forgetOld(at);
    const key = keyOf(guessed, source);
    const before = this.counters.get(key) ?? none;
    if (other !== undefined && before.tried.has(other)) return false;
    const isGuess = other === undefined || before.tried.size > 0;
    const failures = before.failures + (isGuess ? 1 : 0);
    const tried = other === undefined ? before.tried : new Set([...before.tried, other]);
    this.counters.delete(key);
    this.counters.set(key, { failures, at, tried });
    const [oldest] = this.counters.keys();
    if (this.counters.size > this.most && oldest !== undefined) this.counters.delete(oldest);
    return failures >= this.after;
  }

  forget(guessed: string, source: string): void {
    if (this.counters.size > 0) this.counters.delete(keyOf(guessed, source));
  }

  private forgetOld(at: number): void {
    for (const [key, counter] of this.counters) {
      // A counter ahead of the clock was written while the clock was wrong.
      if (counter.at <= at && at - counter.at < this.memoryMs) return;
      this.counters.delete(key);
    }
  }
}

function keyOf(guessed: string, source: string): string {
  return `${guessed} ${source}`;
}
