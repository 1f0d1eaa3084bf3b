import { StoreUnavailable } from './event-store.js';
import { Pauses } from './pauses.js';

/** How long a caller waits while the store does not answer, in milliseconds: an outage of that length goes unnoticed. */
export const PATIENCE_MS = 6_000;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/** The pauses between two tries of a step that somebody waits for. */
export function shortPauses(): Pauses {
  return new Pauses(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
}

/**
 * Repeats a step while the store does not answer.
 * @param goesOn hears of each failure, and when the next try would begin by the monotonic clock; false makes it final
 */
export async function retry<Result>(
  step: () => Promise<Result>,
  goesOn: (failure: StoreUnavailable, next: number) => boolean,
): Promise<Result> {
  const pauses = shortPauses();
  for (;;)
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || !goesOn(error, performance.now() + pauses.next))
        throw error;
      await pauses.take();
    }
}

/** Repeats a step while the store does not answer, for so long in milliseconds. */
export function retryFor<Result>(patienceMs: number, step: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  return retry(step, (_, next) => next < deadline);
}
