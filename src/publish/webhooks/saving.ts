import { performance } from 'node:perf_hooks';

/** Between two saves are so many milliseconds at least. */
const INTERVAL_MS = 1_000;
/** What matters little is saved after so many milliseconds. */
const LATER_MS = 10_000;
/** A run that cannot save for so many milliseconds sends nothing more: all of it would come once more after a crash. */
const PATIENCE_MS = 15_000;

/**
 * When what has changed is saved: once nothing is on its way, a second after the change at the latest, and once a
 * second at most. Times are by the monotonic clock, in milliseconds.
 */
export class Saving {
  private changedAt: number | undefined;
  private passedAt: number | undefined;
  private triedAt = -Infinity;

  /** Whether a change could not be saved for long. */
  get isOverdue(): boolean {
    return this.changedAt !== undefined && performance.now() - this.changedAt > PATIENCE_MS;
  }

  changed(): void {
    this.changedAt ??= performance.now();
  }

  /** Events were passed over that are not wanted: to look at them once more costs little. */
  passed(): void {
    this.passedAt ??= performance.now();
  }

  /** In how many milliseconds to save. @param isQuiet whether nothing is on its way */
  wait(isQuiet: boolean): number {
    const { changedAt = Infinity, passedAt = Infinity } = this;
    const urgent = changedAt === Infinity || !isQuiet ? changedAt + INTERVAL_MS : changedAt;
    const wanted = Math.max(Math.min(urgent, passedAt + LATER_MS), this.triedAt + INTERVAL_MS);
    return Math.max(wanted - performance.now(), 0);
  }

  /** Saves. What changes meanwhile, or cannot be saved, is saved the next time. */
  async by(save: () => Promise<void>): Promise<void> {
    const before = this.changedAt;
    this.changedAt = this.passedAt = undefined;
    this.triedAt = performance.now();
    try {
      await save();
    } catch (error) {
      this.changedAt = before ?? performance.now();
      throw error;
    }
  }
}
