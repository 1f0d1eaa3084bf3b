import { type AccountState, emptyAccountState, evolve } from '../domain/account-state.js';
import { accountStream, decode } from '../event-store/codec.js';
import { type EventStore, NO_STREAM } from '../event-store/event-store.js';

/** One account as this process knows it: its state, folded up to a revision of its stream. */
export class CachedAccount {
  readonly state: AccountState = emptyAccountState();
  revision = NO_STREAM;
  /** Time of the last event, ISO 8601; empty before the first. */
  time = '';
  /** Whether the stream must be read before the next decision: at first, and after an append whose outcome is unknown. */
  isUnverified = true;

  constructor(readonly id: string) {}

  /** A measure of the memory it takes: every event leaves about one entry at most. */
  get weight(): number {
    return this.revision + 2;
  }

  /**
   * Reads on from the state's revision to the head of the stream.
   * @returns whether there was anything new
   * @throws UnreadableEvent, StoreUnavailable
   */
  async catchUp(store: EventStore): Promise<boolean> {
    const before = this.revision;
    for await (const page of store.readStream(accountStream(this.id), before)) {
      for (const recorded of page) {
        const { event, metadata, revision } = decode(recorded);
        evolve(this.state, event);
        this.advance(revision, metadata.time);
      }
      await new Promise(setImmediate);
    }
    this.isUnverified = false;
    return this.revision > before;
  }

  /** Keeps what was evolved: it is in the log up to this revision. */
  advance(revision: number, time: string): void {
    this.state.journal.length = 0;
    this.revision = revision;
    this.time = time;
  }
}
