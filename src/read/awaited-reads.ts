import { Rejection } from '../domain/rejection.js';
import { UnreadableEvent } from '../event-store/codec.js';
import { type EventStore, StoreUnavailable } from '../event-store/event-store.js';
import { retryFor } from '../event-store/retry.js';
import { within } from '../event-store/within.js';
import type { Checkpoints } from './checkpoints.js';
import type { StoppedAccounts } from './stopped-accounts.js';

/** The most accounts that are read at a time for callers that ask for a revision the views lack. */
const MOST_READ = 32;

/** Reads streams for a revision that the caller knows and the views lack. Another instance has written it. */
export class AwaitedReads {
  private readonly reading = new Map<string, Promise<void>>();

  /** @param catchUp reads the events of one account that the views lack, and applies them */
  constructor(
    private readonly store: EventStore,
    private readonly checkpoints: Checkpoints,
    private readonly stopped: StoppedAccounts,
    private readonly catchUp: (account: string) => Promise<void>,
  ) {}

  /**
   * @returns whether the stream has that revision; one that is not in the log costs one read
   * @throws Rejection unavailable when this could not be found out in time
   */
  async reach(account: string, revision: number, patienceMs: number): Promise<boolean> {
    const isThere = () => this.checkpoints.revisionOf(account) >= revision;
    if (isThere() || this.store.soleWriter) return isThere();
    const refreshed = retryFor(patienceMs, async () => {
      // A read under way may have passed the end of the stream before that revision was written.
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
