import { Logger } from '@nestjs/common';
import { StoreUnavailable } from '../event-store/event-store.js';
import type { StoreObserver } from '../event-store/store-observer.js';

/**
 * An outage is over when no call has failed for this long, in milliseconds.
 * A node that returns may come and go at first.
 */
const CALM_MS = 5_000;
/** The time between two reports of the counts during an outage, in milliseconds. */
const REPORT_MS = 60_000;

interface Course {
  /** The start, the last failed call and the last report of the outage, by the monotonic clock. */
  readonly begun: number;
  last: number;
  told: number;
  failedCalls: number;
  requests: number;
}

/**
 * Logs when the event store gets out of reach and when it answers again, one line each.
 * In between it logs the counts once a minute. Single failures are logged at the level `debug`.
 */
export class Outage implements StoreObserver {
  private readonly logger = new Logger('EventStore');
  private course: Course | undefined;

  /** @param now the monotonic clock, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  failed(failure: StoreUnavailable): void {
    const now = this.now();
    if (!this.course) {
      this.course = { begun: now, last: now, told: now, failedCalls: 0, requests: 0 };
      this.logger.error({ message: 'The event store is out of reach', reason: failure.message });
    } else this.logger.debug({ message: 'The event store did not answer', reason: failure.message });
    this.course.failedCalls += 1;
    this.course.last = now;
    if (now - this.course.told < REPORT_MS) return;
    this.course.told = now;
    this.logger.warn({
      message: 'The event store is still out of reach',
      ...counts(this.course, now),
      reason: failure.message,
    });
  }

  answered(): void {
    if (!this.course || this.now() - this.course.last < CALM_MS) return;
    this.logger.log({ message: 'The event store answers again', ...counts(this.course, this.course.last) });
    this.course = undefined;
  }

  /** Counts a request that was answered with 503 because the event store did not answer. */
  countRequest(): void {
    if (this.course) this.course.requests += 1;
  }
}

/** Whether an error was caused by an event store that did not answer. */
export function isFromOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof StoreUnavailable) return true;
  return false;
}

function counts({ begun, failedCalls, requests }: Course, until: number): object {
  return {
    seconds: Math.round((until - begun) / 1000),
    failed_calls: failedCalls,
    requests_answered_503: requests,
  };
}
