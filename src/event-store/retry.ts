import { StoreUnavailable } from './event-store.js';
import { Pauses } from './pauses.js';

/** How long a caller waits for a silent store, in milliseconds. A shorter outage goes unnoticed. */
export const PATIENCE_MS = 6_000;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/** The pauses between two tries of a step that a caller waits for. */
export function shortPauses(): Pauses {
  return new Pauses(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
}

/**
 * Repeats a step while the store does not answer.
 * @param goesOn is told of each failure and of the time of the next try by the monotonic clock; it returns
 * false to give up
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

/** Repeats a step while the store does not answer, for at most `patienceMs` milliseconds. */
export function retryFor<Result>(patienceMs: number, step: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  return retry(step, (_, next) => next < deadline);
}
