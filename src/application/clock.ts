import { Injectable } from '@nestjs/common';

/** The time of day, where something besides the log depends on it. */
@Injectable()
export class Clock {
  /** In milliseconds since the epoch; may go back a little when the machine's clock is set. */
  now(): number {
    return Date.now();
  }

  /** As {@link now}, ISO 8601 in UTC with milliseconds. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}
