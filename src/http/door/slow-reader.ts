/** How long a reader may take nothing, in milliseconds. */
const PATIENCE_MS = 30_000;
/** How much may have come meanwhile, in characters. */
const MOST_BEHIND = 1024 * 1024;

/** What can be seen of an answer that goes on, and of its reader. */
export interface Sight {
  /** By the monotonic clock, in milliseconds. */
  readonly now: number;
  /** Whether something waits until the reader takes it. */
  readonly isWaiting: boolean;
  /** How much the reader has taken, in bytes. */
  readonly taken: number;
  /** How much has come of what is read, in characters. */
  readonly written: number;
}

/** Tells a reader that takes nothing from one that is slow. */
export class SlowReader {
  /** When the reader was seen last to take something, or to have nothing to take. */
  private last: Sight | undefined;

  /** Takes another look. @returns whether it is no use to wait any longer */
  isHopeless(sight: Sight): boolean {
    const { last } = this;
    if (!last || !sight.isWaiting || sight.taken !== last.taken) {
      this.last = sight;
      return false;
    }
    return sight.now - last.now >= PATIENCE_MS || sight.written - last.written >= MOST_BEHIND;
  }
}
