import { emptyAccountState, evolve } from '../domain/account-state.js';
import { type AccountEventRecord, decode, UnreadableEvent } from '../event-store/codec.js';
import { chained } from '../event-store/log-hash.js';
import type { RecordedEvent } from '../event-store/event-store.js';

/**
 * Checks the events of one account one by one, as a command would read them.
 * Each is decoded and added to the state before it.
 */
export class AccountCheck {
  private readonly state = emptyAccountState();
  private next = 0;
  private isWhole = true;
  /** The hash of the events taken so far, as {@link chained} makes it. */
  hash = '';

  /**
   * The first revision that the account cannot be loaded to.
   * While there is no fault, that is the revision of the next event.
   */
  get end(): number {
    return this.next;
  }

  /**
   * Takes the next event.
   * @returns the event, if the account can be loaded up to it; a sentence about what is wrong with it;
   *   undefined if the only fault is in an earlier event
   */
  take(event: RecordedEvent): AccountEventRecord | string | undefined {
    this.hash = chained(this.hash, event);
    // A gap was reported already.
    if (event.revision !== this.next) this.isWhole = false;
    let record: AccountEventRecord;
    try {
      record = decode(event);
    } catch (error) {
      this.isWhole = false;
      return error instanceof UnreadableEvent
        ? error.message
        : `it cannot be read (${reasonOf(error)}); ${RESTORE}`;
    }
    return this.isWhole ? this.fold(record) : undefined;
  }

  private fold(record: AccountEventRecord): AccountEventRecord | string {
    try {
      evolve(this.state, record);
    } catch (error) {
      this.isWhole = false;
      return `${record.event.type} does not fit the events before it (${reasonOf(error)}); ${RESTORE}`;
    }
    this.state.journal.length = 0;
    this.next += 1;
    return record;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What to do about a log that is not as it was written. */
export const RESTORE = 'restore the log from a backup';
