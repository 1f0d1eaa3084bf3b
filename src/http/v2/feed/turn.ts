import { Watch } from '../../../feed/watch.js';

/** A turn that is waited for piece by piece, so that something else can be done meanwhile. */
export class Turn {
  private readonly waiting = new Watch(() => undefined);
  private readonly coming: Promise<void>;
  private leave: (() => void) | undefined;
  private isOver = false;

  /** @param take waits for the turn; what it returns ends the turn */
  constructor(take: () => Promise<() => void>) {
    this.coming = take()
      .then((leave) => {
        if (this.isOver) leave();
        else this.leave = leave;
      })
      .finally(() => this.waiting.tell());
  }

  /**
   * Waits for the turn, no longer than until the time is over or the signal aborts.
   * @param ms in milliseconds
   * @returns false when only the time is over
   */
  async comes(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.leave) await Promise.race([this.coming, this.waiting.news(Math.max(0, ms), signal)]);
    return this.leave !== undefined || signal.aborted;
  }

  /** Gives the turn back: now, or when it comes. */
  end(): void {
    this.isOver = true;
    this.leave?.();
    this.leave = undefined;
  }
}
