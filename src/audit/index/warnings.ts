import { Logger } from '@nestjs/common';

/** Warns of what fails again and again: once, until something else fails. */
export class Warnings {
  private readonly logger: Logger;
  private last: string | undefined;

  /** @param context the part of the service that warns */
  constructor(context: string) {
    this.logger = new Logger(context);
  }

  tell(line: string): void {
    if (line !== this.last) this.logger.warn(line);
    this.last = line;
  }
}
