import { Logger } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { type AccountEventRecord, accountStream, decode, UnreadableEvent } from '../event-store/codec.js';
import {
  type EventStore,
  type RecordedEvent,
  StoreUnavailable,
  StoreUnusable,
} from '../event-store/event-store.js';
import { retryFor, PATIENCE_MS } from '../event-store/retry.js';
import { within } from '../event-store/within.js';
import type { Checkpoint, StoppedAccount } from './checkpoints.js';
import { ClockWatch } from './clock-watch.js';
import { LogFollower } from './log-follower.js';
import { Projection } from './projection.js';
import { StoppedAccounts } from './stopped-accounts.js';
import type { Views } from './views.js';
import { ViewsLost } from './views-database.js';

/** How many checkpoints are compared with the log at a time. */
const CHECKS_AT_ONCE = 64;
/** How many accounts are read at a time for those who ask for a revision that is not here yet. */
const MOST_READ = 32;

/**
 * Keeps the views true to the log: takes this process's own appends at once and everybody's from a subscription.
 * An event is applied once: at or below its account's checkpoint it is skipped, and a gap is read from the stream first.
 */
export class Projector {
  private readonly logger = new Logger(Projector.name);
  private readonly projection: Projection;
  private readonly stopping = new AbortController();
  private readonly follower: LogFollower;
  private readonly stopped: StoppedAccounts;
  private readonly reading = new Map<string, Promise<void>>();
  private readonly clockWatch = new ClockWatch();

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
  ) {
    const { checkpoints, database } = views;
    this.projection = new Projection(views);
    const take = (account: string, events: readonly RecordedEvent[]) => this.take(account, events);
    this.follower = new LogFollower(store, database, checkpoints, take);
    const catchUp = (account: string) => this.catchUp(account);
    this.stopped = new StoppedAccounts(checkpoints, catchUp, this.stopping.signal);
    database.onLost = (loss) => {
      this.follower.startOver(loss);
      // Nobody is let in to append now, so that nothing else would tell whether the log can be written.
      store.doubt();
    };
  }

  /** Called when the views show more of an account. */
  onMoved: (account: string, revision: number) => void = () => undefined;

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

  /** The ids of the accounts that the views were made from. */
  get accounts(): readonly string[] {
    return this.views.checkpoints.all().map(({ account }) => account);
  }

  /** These accounts with the revisions that the views show. */
  get heads(): readonly (readonly [account: string, revision: number])[] {
    return this.views.checkpoints.all().map(({ account, revision }) => [account, revision] as const);
  }

  /** Accounts whose views have stopped, or that take no commands, and why. */
  get stoppedAccounts(): readonly StoppedAccount[] {
    return this.stopped.all;
  }

  /** Why the log cannot be written for now; undefined while it can. */
  get logTrouble(): string | undefined {
    return this.store.trouble;
  }

  /** Takes note of whether commands could read the log of an account. */
  noteRead(account: string, error?: UnreadableEvent): void {
    this.stopped.noteRead(account, error);
  }

  /**
   * Checks the views against the log, builds them anew if they are not made from it, and follows it from then on.
   * Resolves when the views have caught up with the log.
   * @throws StoreUnavailable when the log is out of reach; it can be called again then
   */
  async start(): Promise<void> {
    await this.verify();
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
      this.halt(account, error);
    }
  }

  /**
   * Brings the views of an account to a revision that it has somewhere, by reading its stream if they lack it.
   * @returns whether the stream has that revision; one that is not in the log costs one read
   * @throws Rejection unavailable when that could not be learnt in time
   */
  async reach(account: string, revision: number, patienceMs = PATIENCE_MS): Promise<boolean> {
    const isThere = () => this.revisionOf(account) >= revision;
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

  private async verify(): Promise<void> {
    const { checkpoints } = this.views;
    const logId = await this.store.logId();
    const reason = await this.mismatch(logId);
    if (reason !== undefined) {
      this.logger.warn(`Views are built anew from the log: ${reason}`);
      this.views.clear();
    }
    if (checkpoints.logId !== undefined) return;
    this.views.database.change(() => checkpoints.startLog(logId), 1);
    if (!this.views.database.commit()) throw new StoreUnusable('The views cannot be written');
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
      this.halt(account, error);
    }
  }

  /** What is lost as a whole is read again as a whole; it is no account's own failure. */
  private halt(account: string, error: unknown): void {
    if (!(error instanceof ViewsLost)) this.stopped.halt(account, error);
  }

  /** @returns false when events are missing in between */
  private applyNow(account: string, records: readonly AccountEventRecord[]): boolean {
    if (this.stopped.has(account)) return true;
    if (!this.projection.apply(account, records)) return false;
    const last = records.at(-1);
    if (last) this.clockWatch.see(account, last.metadata.time);
    if (last) this.onMoved(account, last.revision);
    return true;
  }

  /** Reads what the views lack of one account, and applies it as far as it can be read. */
  private async catchUp(account: string): Promise<void> {
    for await (const page of this.store.readStream(accountStream(account), this.revisionOf(account))) {
      const records: AccountEventRecord[] = [];
      try {
        for (const event of page) records.push(decode(event));
      } finally {
        this.applyNow(account, records);
      }
    }
  }
}

/** The time of an event, empty where the event cannot be read: that is told elsewhere. */
function timeOf(event: RecordedEvent): string {
  try {
    return decode(event).metadata.time;
  } catch {
    return '';
  }
}
