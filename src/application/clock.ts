import { Injectable } from '@nestjs/common';

/** The time of day, for events and for everything that depends on the time. */
@Injectable()
export class Clock {
  /** In milliseconds since the epoch. It may go back when the clock of the machine is set. */
  now(): number {
    return Date.now();
  }

  /** The same time in ISO 8601, in UTC with milliseconds. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}
