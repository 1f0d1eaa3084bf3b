import { Rejection } from '../domain/rejection.js';
import { type AccountEventRecord, accountStream, decode } from '../event-store/codec.js';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '../event-store/event-store.js';
import { retryFor, PATIENCE_MS } from '../event-store/retry.js';
import { AwaitedReads } from './awaited-reads.js';
import type { StoppedAccount } from './checkpoints.js';
import { ClockWatch } from './clock-watch.js';
import { LogFollower } from './log-follower.js';
import { LogMatch } from './log-match.js';
import { Projection } from './projection.js';
import { StoppedAccounts } from './stopped-accounts.js';
import type { Views } from './views.js';

/**
 * Keeps the views true to the log: takes this process's own appends at once and everybody's from a subscription.
 * An event is applied once: at or below its account's checkpoint it is skipped, and a gap is read from the stream first.
 */
export class Projector {
  private readonly projection: Projection;
  private readonly stopping = new AbortController();
  private readonly follower: LogFollower;
  private readonly stopped: StoppedAccounts;
  private readonly awaitedReads: AwaitedReads;
  private readonly clockWatch = new ClockWatch();

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
  ) {
    const { checkpoints, database } = views;
    this.projection = new Projection(views);
    this.follower = new LogFollower(store, database, checkpoints, (...taken) => this.take(...taken));
    this.stopped = new StoppedAccounts(checkpoints, this.catchUp, this.stopping.signal);
    this.awaitedReads = new AwaitedReads(store, checkpoints, this.stopped, this.catchUp);
    database.onLost = (loss) => {
      this.follower.startOver(loss);
      // Nobody is let in to append now, so that nothing else would tell whether the log can be written.
      store.doubt();
    };
  }

  /** Called with what the views show more of an account, in order. */
  readonly listeners: ((account: string, records: readonly AccountEventRecord[]) => void)[] = [];

  /** Whether the views have seen everything that was in the log at the start. */
  get isCaughtUp(): boolean {
    return this.follower.isCaughtUp;
  }

  /** Whether the log was out of reach for so long that the views may be out of date. */
  get isStale(): boolean {
    return this.follower.isStale;
  }

  /** The revision of an account that the views show, NO_STREAM for an account they do not know. */
  revisionOf(account: string): number {
    return this.views.checkpoints.revisionOf(account);
  }

  /** Whether there was no account at all in the log so far, not even one that cannot be read. */
  get hasSeenNoAccount(): boolean {
    return this.views.checkpoints.isEmpty && !this.stopped.hasAny;
  }

  /** The accounts that the views were made from, with the revisions that they show. */
  get heads(): readonly (readonly [account: string, revision: number])[] {
    return this.views.checkpoints.all().map(({ account, revision }) => [account, revision] as const);
  }

  /** Accounts whose views have stopped, or that take no commands, and why. */
  get stoppedAccounts(): readonly StoppedAccount[] {
    return this.stopped.all;
  }

  /** Whether the views of an account have stopped at an event. */
  hasStopped(account: string): boolean {
    return this.stopped.has(account);
  }

  /** Why the log cannot be written for now; undefined while it can. */
  get logTrouble(): string | undefined {
    return this.store.trouble;
  }

  /** Takes note of whether commands could read the log of an account. */
  noteRead(account: string, error?: Error): void {
    this.stopped.noteRead(account, error);
  }

  /**
   * Checks the views against the log, builds them anew if they are not made from it, and follows it from then on.
   * Resolves when the views have caught up with the log.
   * @throws StoreUnavailable when the log is out of reach; it can be called again then
   */
  async start(): Promise<void> {
    await new LogMatch(this.store, this.views, this.clockWatch).establish();
    await this.stopped.resume();
    await this.follower.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.follower.stop();
    this.views.database.close();
  }

  /**
   * Applies events of one account that this process has appended, in order. Never fails for the caller:
   * an account that cannot be projected is stopped, its reads are refused, and it is tried again.
   */
  async apply(account: string, records: readonly AccountEventRecord[]): Promise<void> {
    const last = records.at(-1)?.revision ?? 0;
    // The subscription may have been faster than the answer to the append; of stopped accounts that cannot be told.
    if (!this.stopped.has(account) && this.revisionOf(account) < last) this.follower.expect(account, last);
    try {
      if (!this.applyNow(account, records)) await retryFor(PATIENCE_MS, () => this.catchUp(account));
    } catch (error) {
      this.stopped.haltAlone(account, error);
    }
  }

  /**
   * Brings the views of an account to a revision that it has somewhere, by reading its stream if they lack it.
   * @returns whether the stream has that revision; one that is not in the log costs one read
   * @throws Rejection unavailable when that could not be learnt in time
   */
  reach(account: string, revision: number, patienceMs = PATIENCE_MS): Promise<boolean> {
    return this.awaitedReads.reach(account, revision, patienceMs);
  }

  /** @throws Rejection unavailable while the views cannot answer for the account */
  assertReadable(account: string): void {
    if (!this.isCaughtUp)
      throw new Rejection('unavailable', 'The service is starting and reads its event log');
    if (this.stopped.isUnreadable(account))
      throw new Rejection('unavailable', 'The views of this account are being repaired');
  }

  /**
   * For those who have looked through all accounts and found nothing.
   * @throws Rejection unavailable while something may be missing that is in the log
   */
  assertWhole(): void {
    if (!this.isWhole) throw new Rejection('unavailable', 'The views are being repaired; try again shortly');
  }

  /** Whether the views show of every account what is in the log, as far as it can be read. */
  get isWhole(): boolean {
    return this.isCaughtUp && this.stopped.unreadable.length === 0;
  }

  /** @throws Rejection unavailable while the views cannot answer for one of the clients of a company */
  assertClientsReadable(company: string): void {
    const { tree } = this.views;
    for (const account of this.stopped.unreadable)
      if ((tree.parentOf(account) ?? company) === company) this.assertReadable(account);
  }

  /** Takes events from the subscription; most were applied already, as this process's own. */
  private async take(account: string, recorded: readonly RecordedEvent[]): Promise<void> {
    const revision = this.revisionOf(account);
    const news = recorded.filter((event) => event.revision > revision);
    if (news.length === 0 || this.stopped.has(account)) return;
    try {
      if (this.applyNow(account, news.map(decode))) return;
    } catch {
      // Read again below, event by event as far as they can be applied.
    }
    try {
      await this.catchUp(account);
    } catch (error) {
      // The subscription brings them again, once the store answers.
      if (error instanceof StoreUnavailable) throw error;
      this.stopped.haltAlone(account, error);
    }
  }

  /** @returns false when events are missing in between */
  private applyNow(account: string, records: readonly AccountEventRecord[]): boolean {
    if (this.stopped.has(account)) return true;
    if (!this.projection.apply(account, records)) return false;
    const last = records.at(-1);
    if (!last) return true;
    this.clockWatch.see(account, last.metadata.time);
    for (const listener of this.listeners) listener(account, records);
    return true;
  }

  /** Reads what the views lack of one account, and applies it as far as it can be read. */
  private readonly catchUp = async (account: string): Promise<void> => {
    for await (const page of this.store.readStream(accountStream(account), this.revisionOf(account))) {
      const records: AccountEventRecord[] = [];
      try {
        for (const event of page) records.push(decode(event));
      } finally {
        this.applyNow(account, records);
      }
    }
  };
}
