/** The shortest time to judge by, in milliseconds. */
const WINDOW_MS = 200;
/** The part of the time from which on a thread counts as busy. */
const BUSY = 0.5;

/** Whether this thread has had much to do since it was asked last. */
export class Busyness {
  private last = performance.eventLoopUtilization();
  private wasBusy = false;

  get isBusy(): boolean {
    const now = performance.eventLoopUtilization();
    const { active, idle, utilization } = performance.eventLoopUtilization(now, this.last);
    if (active + idle < WINDOW_MS) return this.wasBusy;
    this.last = now;
    this.wasBusy = utilization >= BUSY;
    return this.wasBusy;
  }
}
