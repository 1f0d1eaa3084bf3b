import { Logger } from '@nestjs/common';

/** Warns of what fails again and again: once, until something else fails. */
export class Warnings {
  private readonly logger: Logger;
  private last: string | undefined;

  /** @param context whose warnings these are */
  constructor(context: string) {
    this.logger = new Logger(context);
  }

  tell(line: string): void {
    if (line !== this.last) this.logger.warn(line);
    this.last = line;
  }
}
