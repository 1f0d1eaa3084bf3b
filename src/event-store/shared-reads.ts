import { StoreUnavailable, StoreUnusable } from './event-store.js';
import { PATIENCE_MS } from './retry.js';
import { within } from './within.js';

/** Reads that copy what is new in a stream. Callers who ask for the same stream at the same time share one read. */
export class SharedReads {
  private readonly underWay = new Map<string, Promise<void>>();

  /** @param what is read, as the beginning of a sentence */
  constructor(private readonly what: string) {}

  /** A read that takes too long goes on in the background. @throws StoreUnavailable */
  async of(name: string, read: () => Promise<void>): Promise<void> {
    const reading = this.underWay.get(name) ?? read().finally(() => this.underWay.delete(name));
    this.underWay.set(name, reading);
    reading.catch(() => undefined);
    try {
      await within(PATIENCE_MS, reading, () => new StoreUnavailable(`${this.what} take long to read`));
    } catch (error) {
      // An instance without the right to read the stream shows what it has.
      if (!(error instanceof StoreUnusable)) throw error;
    }
  }
}
