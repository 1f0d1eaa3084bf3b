import { setTimeout as sleep } from 'node:timers/promises';

/** For this long after a lost race, other writers are taken to write the account as well. */
const CONTENTION_MS = 1_000;
/** The loser of a race tries again soon. A longer wait would only leave the account to the winner. */
const LONGEST_JITTER_MS = 16;
const LONGEST_COURTESY_MS = 250;

/** Shares an account with writers in other processes, so that each has its turn. */
export class Contention {
  private losses = 0;
  /** By the monotonic clock, in milliseconds. */
  private lastLoss = -Infinity;
  private appendMs = 0;

  /** @param appendMs how long the append took */
  won(appendMs: number): void {
    this.losses = 0;
    this.appendMs = appendMs;
  }

  /** Waits until the next try is due. The wait is random, so that several writers do not try in step. */
  async lost(): Promise<void> {
    this.losses += 1;
    this.lastLoss = performance.now();
    await sleep(Math.random() * Math.min(2 ** this.losses, LONGEST_JITTER_MS));
  }

  /**
   * Waits before an append, for the sake of other writers.
   * The winner of a race leaves them the time for their next try. The loser of one does not wait.
   */
  async makeRoom(): Promise<void> {
    if (this.losses > 0 || performance.now() - this.lastLoss > CONTENTION_MS) return;
    await sleep(Math.random() * Math.min(3 * this.appendMs, LONGEST_COURTESY_MS));
  }
}
