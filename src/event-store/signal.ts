/** Wakes the callers that wait for news. A wait that starts before the news hears of it. */
export class Signal {
  private wake: (() => void) | undefined;
  private next: Promise<void> | undefined;

  /** Resolves at the next {@link raise}. */
  raised(): Promise<void> {
    this.next ??= new Promise((resolve) => (this.wake = resolve));
    return this.next;
  }

  raise(): void {
    this.wake?.();
    this.wake = this.next = undefined;
  }
}
