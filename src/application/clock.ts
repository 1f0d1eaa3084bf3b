import { Injectable } from '@nestjs/common';

/** The time of day, of events and of whatever depends on it. */
@Injectable()
export class Clock {
  /** In milliseconds since the epoch; may go back when the machine's clock is set. */
  now(): number {
    return Date.now();
  }

  /** As {@link now}, ISO 8601 in UTC with milliseconds. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}
