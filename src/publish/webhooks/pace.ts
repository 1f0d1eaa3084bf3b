/** How fast a receiver may be sent requests. Times are in milliseconds since the epoch. */
export class Pace {
  private next = 0;

  /** @param maxPerSecond null for no limit */
  constructor(private maxPerSecond: number | null) {}

  /** Before this time nothing goes out. */
  get nextTime(): number {
    return this.next;
  }

  change(maxPerSecond: number | null): void {
    this.maxPerSecond = maxPerSecond;
  }

  /** Notes that a request goes out. */
  take(now: number): void {
    if (this.maxPerSecond !== null) this.next = Math.max(this.next, now + 1_000 / this.maxPerSecond);
  }

  /** Lets nothing out until a time. */
  rest(until: number): void {
    this.next = Math.max(this.next, until);
  }

  /** Ends a rest. */
  wake(now: number): void {
    this.next = Math.min(this.next, now);
  }
}
