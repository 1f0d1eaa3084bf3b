import { type AccountState, bytesOf, emptyAccountState, evolveForGood } from '../domain/account-state.js';
import { type AccountEventRecord, accountStream, decode, UnreadableEvent } from '../event-store/codec.js';
import { type EventStore, NO_STREAM } from '../event-store/event-store.js';
import { AccountTooLarge, requireMemory } from './account-too-large.js';
import type { Snapshot, Snapshots } from './snapshots.js';

/** What an account takes that nothing is in. */
const EMPTY_BYTES = 8 * 1024;

/** One account as this process knows it: its state, folded up to a revision of its stream. */
export class CachedAccount {
  state: AccountState = emptyAccountState();
  revision = NO_STREAM;
  /** Id of the last event; empty before the first. */
  eventId = '';
  /**
   * Whether the stream must be read before the next decision.
   * It must at first, and after an append that failed.
   */
  isUnverified = true;
  /** The revision of the snapshot that the state came from, or of the last one begun. */
  private savedRevision = NO_STREAM;
  /** The snapshot to begin with. It is kept for further tries while the store does not answer. */
  private base: Snapshot | undefined;

  /** @param mostBytes how much memory the state may take */
  constructor(
    readonly id: string,
    private readonly mostBytes = Infinity,
  ) {}

  /** About how many bytes of memory the account takes. */
  get weight(): number {
    return EMPTY_BYTES + bytesOf(this.state);
  }

  /** How many events have come since the last snapshot. */
  get unsaved(): number {
    return this.revision - this.savedRevision;
  }

  /**
   * Reads on from the state's revision to the head of the stream.
   * The first time it begins with a snapshot, if there is a good one.
   * @returns whether there was anything new
   * @throws UnreadableEvent, StoreUnavailable
   * @throws AccountTooLarge; the account is empty then, and not to be used any more
   */
  async catchUp(store: EventStore, snapshots?: Snapshots): Promise<boolean> {
    const before = this.revision;
    try {
      if (before === NO_STREAM) this.base ??= await snapshots?.load(this.id, this.mostBytes);
      const { base } = this;
      if (!base || before !== NO_STREAM || !(await this.read(store, base.revision - 1, base)))
        await this.read(store, before);
    } catch (error) {
      if (error instanceof AccountTooLarge) this.clear();
      throw error;
    }
    this.base = undefined;
    this.isUnverified = false;
    return this.revision > before;
  }

  /** Gives its memory back. */
  private clear(): void {
    this.state = emptyAccountState();
    this.base = undefined;
    this.moveTo(NO_STREAM, '');
    this.savedRevision = NO_STREAM;
    this.isUnverified = true;
  }

  /**
   * Saves a snapshot.
   * After a failure, too, the next snapshot is due only when as many events have come again.
   */
  async save(snapshots: Snapshots, signal: AbortSignal): Promise<void> {
    this.savedRevision = this.revision;
    await snapshots.save(this.id, this, signal);
  }

  /** Keeps the events evolved so far: the log has them up to this one. */
  advance({ id, revision }: Pick<AccountEventRecord, 'id' | 'revision'>): void {
    this.moveTo(revision, id);
  }

  /**
   * Reads the stream from after a revision.
   * @param base a snapshot; the first event read must be the one that it stands on
   * @returns false when it is not; then nothing has changed
   */
  private async read(store: EventStore, after: number, base?: Snapshot): Promise<boolean> {
    let unproven = base;
    for await (const page of store.readStream(accountStream(this.id), after)) {
      for (const recorded of page) {
        if (unproven) {
          if (recorded.revision !== unproven.revision || recorded.id !== unproven.eventId) return false;
          this.adopt(unproven);
          unproven = undefined;
          continue;
        }
        this.fold(decode(recorded));
      }
      await new Promise(setImmediate);
    }
    return unproven === undefined;
  }

  private fold(record: AccountEventRecord): void {
    try {
      evolveForGood(this.state, record);
    } catch (cause) {
      const where = `event ${String(record.revision)} of stream ${accountStream(this.id)}`;
      throw new UnreadableEvent(`${where} does not fit those before it; restore the log from a backup`, {
        cause,
      });
    }
    this.advance(record);
    requireMemory(this.id, this.state, this.mostBytes);
  }

  private adopt({ state, revision, eventId }: Snapshot): void {
    this.state = state;
    this.savedRevision = revision;
    this.moveTo(revision, eventId);
  }

  private moveTo(revision: number, eventId: string): void {
    this.state.journal.length = 0;
    this.revision = revision;
    this.eventId = eventId;
  }
}
