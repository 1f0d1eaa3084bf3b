/** Somebody's wait for news of accounts. News that comes between two waits ends the second one at once. */
export class Watch {
  private isNews = false;
  private wake: () => void = () => undefined;

  /** @param onEnd called when it is over */
  constructor(private readonly onEnd: () => void) {}

  tell(): void {
    this.isNews = true;
    this.wake();
  }

  /** Waits for news, or until the time is over or the signal aborts. @param ms in milliseconds */
  async news(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.isNews && !signal.aborted)
      await new Promise<void>((resolve) => {
        const over = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', over);
          resolve();
        };
        const timer = setTimeout(over, ms);
        signal.addEventListener('abort', over);
        this.wake = over;
      });
    this.wake = () => undefined;
    this.isNews = false;
  }

  end(): void {
    this.onEnd();
  }
}
