/** More counters than this are not kept: the oldest goes first. */
const MOST_COUNTERS = 100_000;

interface Counter {
  readonly failures: number;
  /** When the last one was, in milliseconds since the epoch. */
  readonly at: number;
}

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
    if (this.after === 0) return false;
    const at = this.now();
    this.forgetOld(at);
    const key = keyOf(user, source);
    const failures = (this.counters.get(key)?.failures ?? 0) + 1;
    this.counters.delete(key);
    this.counters.set(key, { failures, at });
    const [oldest] = this.counters.keys();
    if (this.counters.size > this.most && oldest !== undefined) this.counters.delete(oldest);
    return failures >= this.after;
  }

  forget(user: string, source: string): void {
    if (this.counters.size > 0) this.counters.delete(keyOf(user, source));
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
