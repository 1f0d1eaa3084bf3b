import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from './event-store.js';

/** How long an answer is waited for while the store does not give one, in milliseconds; an outage may be that long. */
export const PATIENCE_MS = 6_000;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/**
 * Takes a step again and again while the store does not answer.
 * @param goesOn hears of each failure, and when the next try would begin by the monotonic clock; false makes it final
 */
export async function outwait<Result>(
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

/** Takes a step again and again for so long, in milliseconds, while the store does not answer. */
export function outwaitFor<Result>(patienceMs: number, step: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  return outwait(step, (_, next) => next < deadline);
}
