import { Logger } from '@nestjs/common';

/**
 * How far ahead of the clock an event may be, in milliseconds. Clocks of several machines differ a little.
 */
const TOLERANCE_MS = 60_000;

/** Reports once that events are ahead of this machine's clock. Either clock may be wrong. */
export class ClockWatch {
  private readonly logger = new Logger(ClockWatch.name);
  private hasWarned = false;

  constructor(private readonly now: () => number = Date.now) {}

  /** @param time of an event of the account, ISO 8601 */
  see(account: string, time: string): void {
    if (this.hasWarned || !(Date.parse(time) > this.now() + TOLERANCE_MS)) return;
    this.hasWarned = true;
    this.logger.warn(
      `The log is ahead of the clock: an event of the account ${account} is of ${time}. Check the clock of this machine, and of others that write to this log. Recorded dates stay; locks, links and pauses of that time are over`,
    );
  }
}
