import { Logger } from '@nestjs/common';
import { accountStream, decode } from '../event-store/codec.js';
import { type EventStore, type RecordedEvent, StoreUnusable } from '../event-store/event-store.js';
import type { Checkpoint } from './checkpoints.js';
import type { ClockWatch } from './clock-watch.js';
import type { Views } from './views.js';

/** The number of checkpoints that are compared with the log at a time. */
const CHECKS_AT_ONCE = 64;

/** Finds out at the start of the service whether the views were made from its log. */
export class LogMatch {
  private readonly logger = new Logger(LogMatch.name);

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
    private readonly clockWatch: ClockWatch,
  ) {}

  /**
   * Clears views that were not made from the log.
   * @throws StoreUnavailable while the log is out of reach
   * @throws StoreUnusable when the views cannot be written
   */
  async establish(): Promise<void> {
    const { checkpoints, database } = this.views;
    const logId = await this.store.logId();
    const reason = await this.mismatch(logId);
    if (reason !== undefined) {
      this.logger.warn(`Views are built anew from the log: ${reason}`);
      this.views.clear();
    }
    if (checkpoints.logId !== undefined) return;
    database.change(() => checkpoints.startLog(logId), 1);
    if (database.commit() === 'lost') throw new StoreUnusable('The views cannot be written');
  }

  private async mismatch(logId: string): Promise<string | undefined> {
    const { checkpoints } = this.views;
    if (checkpoints.logId === undefined) return undefined;
    if (checkpoints.logId !== logId) return 'they were made from another log';
    const all = checkpoints.all();
    for (let from = 0; from < all.length; from += CHECKS_AT_ONCE) {
      const held = await Promise.all(all.slice(from, from + CHECKS_AT_ONCE).map((one) => this.holds(one)));
      if (held.includes(false)) return 'they are ahead of the log';
    }
    return undefined;
  }

  private async holds({ account, revision, event_id }: Checkpoint & { account: string }): Promise<boolean> {
    for await (const [event] of this.store.readStream(accountStream(account), revision - 1)) {
      if (event) this.clockWatch.see(account, timeOf(event));
      return event?.id === event_id;
    }
    return false;
  }
}

/** The time of an event; empty when the event cannot be read, which other code reports. */
function timeOf(event: RecordedEvent): string {
  try {
    return decode(event).metadata.time;
  } catch {
    return '';
  }
}
