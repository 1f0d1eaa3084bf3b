/** What a request finds in its bucket. */
export interface Taken {
  /** Whether there was a token left for it. */
  readonly isWithin: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly fullIn: number;
  /** Seconds until there is a token again; 0 while there is one. */
  readonly nextIn: number;
}

interface Bucket {
  readonly tokens: number;
  /** When that was, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A token bucket a key, in memory: each fills at the rate, up to what some seconds bring, at least one token.
 * A bucket that has become full again says no more than none, so only those that were used lately are kept.
 */
export class TokenBuckets {
  /** In the order of their last use. */
  private readonly buckets = new Map<string, Bucket>();
  /** The most tokens of one bucket. */
  readonly burst: number;
  /** How long an empty bucket takes to fill, in seconds. */
  readonly window: number;

  /**
   * @param rate tokens a second, more than 0
   * @param seconds those that fill a bucket
   */
  constructor(
    private readonly rate: number,
    private readonly now: () => number,
    seconds = 1,
  ) {
    this.burst = Math.max(1, rate * seconds);
    this.window = this.burst / rate;
  }

  /** How many buckets are kept. */
  get size(): number {
    return this.buckets.size;
  }

  /** Takes a token, if there is one. */
  take(key: string): Taken {
    const at = this.now();
    this.forgetFull(at);
    const before = this.buckets.get(key) ?? { tokens: this.burst, at };
    const filled = (Math.max(0, at - before.at) / 1000) * this.rate;
    const there = Math.min(this.burst, before.tokens + filled);
    // Slow rates do not add up exactly.
    const isWithin = there >= 1 - 1e-9;
    const tokens = isWithin ? Math.max(0, there - 1) : there;
    this.buckets.delete(key);
    this.buckets.set(key, { tokens, at });
    return {
      isWithin,
      remaining: Math.floor(tokens),
      fullIn: (this.burst - tokens) / this.rate,
      nextIn: Math.max(0, 1 - tokens) / this.rate,
    };
  }

  /** Gives back a token that was taken for nothing. */
  giveBack(key: string): void {
    const bucket = this.buckets.get(key);
    if (bucket) this.buckets.set(key, { ...bucket, tokens: Math.min(this.burst, bucket.tokens + 1) });
  }

  private forgetFull(at: number): void {
    for (const [key, bucket] of this.buckets) {
      if (at - bucket.at < this.window * 1000) return;
      this.buckets.delete(key);
    }
  }
}
