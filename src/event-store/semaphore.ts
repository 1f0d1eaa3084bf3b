/**
 * A counting semaphore. A limited number of holders have it at once. The others wait in the order
 * in which they came.
 */
export class Semaphore {
  private readonly queue = new Set<() => void>();
  private held = 0;

  constructor(private readonly most: number) {}

  /** The number of callers that wait. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Joins the queue. A holder calls `release` once, and so does a caller that gives up waiting. */
  acquire(): { readonly acquired: Promise<void>; readonly release: () => void } {
    let isHeld = false;
    let admit = () => {};
    const acquired = new Promise<void>((resolve) => {
      admit = () => {
        isHeld = true;
        this.held += 1;
        resolve();
      };
    });
    if (this.held < this.most) admit();
    else this.queue.add(admit);
    return { acquired, release: () => (isHeld ? this.handOver() : this.queue.delete(admit)) };
  }

  private handOver(): void {
    this.held -= 1;
    const [next] = this.queue;
    if (!next) return;
    this.queue.delete(next);
    next();
  }
}
