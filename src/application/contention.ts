import { setTimeout as sleep } from 'node:timers/promises';

/** For so long after a lost race others are taken to write the account as well. */
const CONTENTION_MS = 1_000;
/** A loser tries again soon: to wait longer would only leave the winner in possession. */
const LONGEST_JITTER_MS = 16;
const LONGEST_COURTESY_MS = 250;

/** How the writer of an account gets along with writers of the same account elsewhere, so that each has its turn. */
export class Contention {
  private losses = 0;
  /** By the monotonic clock. */
  private lastLoss = -Infinity;
  private appendMs = 0;

  /** @param appendMs how long the append took */
  won(appendMs: number): void {
    this.losses = 0;
    this.appendMs = appendMs;
  }

  /** Waits until it is time for the next try, not in step with the others. */
  async lost(): Promise<void> {
    this.losses += 1;
    this.lastLoss = performance.now();
    await sleep(Math.random() * Math.min(2 ** this.losses, LONGEST_JITTER_MS));
  }

  /** Who has won leaves the others the time that they need for their next try; who has lost does not wait. */
  async makeRoom(): Promise<void> {
    if (this.losses > 0 || performance.now() - this.lastLoss > CONTENTION_MS) return;
    await sleep(Math.random() * Math.min(3 * this.appendMs, LONGEST_COURTESY_MS));
  }
}
