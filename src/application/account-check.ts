import { emptyAccountState, evolve } from '../domain/account-state.js';
import { type AccountEventRecord, decode, UnreadableEvent } from '../event-store/codec.js';
import { chained } from '../event-store/log-hash.js';
import type { RecordedEvent } from '../event-store/event-store.js';

/** The events of one account, taken one by one as a command would: each read, and added to the state before it. */
export class AccountCheck {
  private readonly state = emptyAccountState();
  private next = 0;
  private isWhole = true;
  /** Of what was taken, as {@link chained} makes it. */
  hash = '';

  /** The revision from which on the account cannot be had; that of the next event as long as all is well. */
  get end(): number {
    return this.next;
  }

  /**
   * Takes the next event.
   * @returns the event, if the account can be had up to it; otherwise what is wrong with it, unless that is only that
   * something before it is wrong
   */
  take(event: RecordedEvent): AccountEventRecord | string | undefined {
    this.hash = chained(this.hash, event);
    // What is missing was told of.
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

/** What to do about a log that is not what was written. */
export const RESTORE = 'restore the log from a backup';
