import type { Logger } from '@nestjs/common';

/** Whether a store beside the log takes what it is given. A failure is told once, and once that it is over. */
export class StoreTrouble {
  private isOn = false;

  /** @param what the store keeps, in the plural: it begins the lines */
  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  /** Whether the last try has failed. */
  get isThere(): boolean {
    return this.isOn;
  }

  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (!this.isOn)
      this.logger.warn(`${this.what} cannot be kept for now; requests are served all the same: ${reason}`);
    this.isOn = true;
  }

  succeeded(): void {
    if (this.isOn) this.logger.log(`${this.what} are kept again`);
    this.isOn = false;
  }
}
