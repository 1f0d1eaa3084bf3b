/** More counters than this are not kept: the oldest goes first. */
const MOST_COUNTERS = 100_000;

interface Counter {
  readonly failures: number;
  /** When the last one was, in milliseconds since the epoch. */
  readonly at: number;
  /** Hashes of the passwords of others that were tried. */
  readonly tried: ReadonlySet<string>;
}

const none: Omit<Counter, 'at'> = { failures: 0, tried: new Set() };

/** Counts the failed sign-ins of a user from one source, in memory; forgotten some time after the last one. */
export class FailedSignIns {
  /** By user and source, in the order of the last failure. */
  private readonly counters = new Map<string, Counter>();
  private readonly memoryMs: number;

  /** @param after so many failures are too many; 0: none are */
  constructor(
    private readonly after: number,
    minutes: number,
    private readonly now: () => number,
    private readonly most = MOST_COUNTERS,
  ) {
    this.memoryMs = minutes * 60_000;
  }

  /** How many counters are kept. */
  get size(): number {
    return this.counters.size;
  }

  /** @returns whether there were too many by now; true again for every further one until they are forgotten */
  count(user: string, source: string): boolean {
    return this.keep(user, source, ({ failures, tried }) => ({ failures: failures + 1, tried }));
  }

  /**
   * Counts a password that is right for somebody else of the same address, and so is a guess at this user's only if
   * another such password was tried before: its owner may send it as often as there are requests.
   * @param hash of that password
   * @returns as {@link count}
   */
  countOther(user: string, source: string, hash: string): boolean {
    return this.keep(user, source, ({ failures, tried }) => {
      if (tried.has(hash)) return undefined;
      return { failures: tried.size === 0 ? failures : failures + 1, tried: new Set([...tried, hash]) };
    });
  }

  forget(user: string, source: string): void {
    if (this.counters.size > 0) this.counters.delete(keyOf(user, source));
  }

  /** @param next undefined when there is nothing to count */
  private keep(
    user: string,
    source: string,
    next: (before: Omit<Counter, 'at'>) => Omit<Counter, 'at'> | undefined,
  ): boolean {
    if (this.after === 0) return false;
    const at = this.now();
    this.forgetOld(at);
    const key = keyOf(user, source);
    const counter = next(this.counters.get(key) ?? none);
    if (!counter) return false;
    this.counters.delete(key);
    this.counters.set(key, { ...counter, at });
    const [oldest] = this.counters.keys();
    if (this.counters.size > this.most && oldest !== undefined) this.counters.delete(oldest);
    return counter.failures >= this.after;
  }

  private forgetOld(at: number): void {
    for (const [key, counter] of this.counters) {
      if (at - counter.at < this.memoryMs) return;
      this.counters.delete(key);
    }
  }
}

function keyOf(user: string, source: string): string {
  return `${user} ${source}`;
}
