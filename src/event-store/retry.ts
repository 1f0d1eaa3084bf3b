import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from './event-store.js';

/** How long a caller waits while the store does not answer, in milliseconds: an outage of that length goes unnoticed. */
export const PATIENCE_MS = 6_000;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/**
 * Repeats a step while the store does not answer.
 * @param goesOn hears of each failure, and when the next try would begin by the monotonic clock; false makes it final
 */
export async function retry<Result>(
  step: () => Promise<Result>,
  goesOn: (failure: StoreUnavailable, next: number) => boolean,
): Promise<Result> {
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || !goesOn(error, performance.now() + pause)) throw error;
      await sleep(pause);
    }
  }
}

/** Repeats a step while the store does not answer, for so long in milliseconds. */
export function retryFor<Result>(patienceMs: number, step: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  return retry(step, (_, next) => next < deadline);
}
