/** How long work goes on before others get their turn, in milliseconds. */
const SLICE_MS = 8;

/** The pace of work that lets the event loop serve others now and then, and that can be given up. */
export class Pace {
  private since = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  get isOver(): boolean {
    return performance.now() - this.since >= SLICE_MS;
  }

  /** Lets others have their turn when it is time. @throws the signal's reason when the work is given up */
  async breath(): Promise<void> {
    if (!this.isOver) return;
    await new Promise(setImmediate);
    this.signal?.throwIfAborted();
    this.since = performance.now();
  }
}
