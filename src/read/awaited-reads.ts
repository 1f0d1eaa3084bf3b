import { Rejection } from '../domain/rejection.js';
import { UnreadableEvent } from '../event-store/codec.js';
import { type EventStore, StoreUnavailable } from '../event-store/event-store.js';
import { retryFor } from '../event-store/retry.js';
import { within } from '../event-store/within.js';
import type { Checkpoints } from './checkpoints.js';
import type { StoppedAccounts } from './stopped-accounts.js';

/** How many accounts are read at a time for callers that ask for a revision that is not here yet. */
const MOST_READ = 32;

/** Reads of streams for revisions that a caller knows and the views lack, as another instance has written them. */
export class AwaitedReads {
  private readonly reading = new Map<string, Promise<void>>();

  /** @param catchUp reads what the views lack of one account and applies it */
  constructor(
    private readonly store: EventStore,
    private readonly checkpoints: Checkpoints,
    private readonly stopped: StoppedAccounts,
    private readonly catchUp: (account: string) => Promise<void>,
  ) {}

  /**
   * @returns whether the stream has that revision; one that is not in the log costs one read
   * @throws Rejection unavailable when that could not be learnt in time
   */
  async reach(account: string, revision: number, patienceMs: number): Promise<boolean> {
    const isThere = () => this.checkpoints.revisionOf(account) >= revision;
    if (isThere() || this.store.soleWriter) return isThere();
    const refreshed = retryFor(patienceMs, async () => {
      // A read that is under way may have passed the end of the stream before that revision came.
      await this.reading.get(account)?.catch(() => undefined);
      if (!isThere()) await this.refresh(account);
    });
    const late = () => new StoreUnavailable('The writes of other instances take long to read');
    try {
      await within(patienceMs, refreshed, late);
    } catch (error) {
      if (error instanceof Rejection) throw error;
      const rejection = new Rejection('unavailable', 'The writes of other instances cannot be read');
      rejection.cause = error;
      throw rejection;
    }
    return isThere();
  }

  private refresh(account: string): Promise<void> {
    const underWay = this.reading.get(account);
    if (underWay) return underWay;
    if (this.reading.size >= MOST_READ)
      throw new StoreUnavailable('Too many requests ask for revisions that this instance has not read yet');
    const read = this.readOn(account).finally(() => this.reading.delete(account));
    this.reading.set(account, read);
    return read;
  }

  private async readOn(account: string): Promise<void> {
    if (this.stopped.isUnreadable(account))
      throw new Rejection('unavailable', 'The views of this account are being repaired');
    if (this.stopped.has(account)) throw new Rejection('account_unreadable');
    try {
      await this.catchUp(account);
    } catch (error) {
      if (error instanceof UnreadableEvent) {
        this.stopped.halt(account, error);
        throw new Rejection('account_unreadable');
      }
      throw error;
    }
  }
}
