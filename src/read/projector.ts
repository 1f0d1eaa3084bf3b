import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DomainEvent } from '../domain/account-state.js';
import { Rejection } from '../domain/rejection.js';
import {
  type AccountEventRecord,
  accountOf,
  accountStream,
  accountStreams,
  decode,
  UnreadableEvent,
} from '../event-store/codec.js';
import type { EventStore, RecordedEvent } from '../event-store/event-store.js';
import type { StopKind } from './checkpoints.js';
import type { Occasion } from './read-model.js';
import type { Views } from './views.js';

const PROGRESS_INTERVAL_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

type Handler = (data: DomainEvent['data'], at: Occasion) => void;

/**
 * Keeps the views true to the log: takes this process's own appends at once and everybody's from a subscription.
 * An event is applied once: at or below its account's checkpoint it is skipped, and a gap is read from the stream first.
 */
export class Projector {
  private readonly logger = new Logger(Projector.name);
  private readonly handlers = new Map<DomainEvent['type'], Handler[]>();
  private readonly stopped = new Map<string, StopKind>();
  private readonly mending = new Set<string>();
  private readonly stopping = new AbortController();
  private subscription = new AbortController();
  private following: Promise<void> | undefined;
  private caughtUp = false;

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
  ) {
    for (const model of views.models) {
      for (const [type, handler] of Object.entries(model.handlers) as [DomainEvent['type'], Handler][])
        this.handlers.set(type, [...(this.handlers.get(type) ?? []), handler]);
    }
    views.database.onLost = (reason) => this.startOver(reason);
  }

  /** Whether the views have seen everything that was in the log at the start. */
  get isCaughtUp(): boolean {
    return this.caughtUp;
  }

  /** The revision of an account that the views show, NO_STREAM for an account they do not know. */
  revisionOf(account: string): number {
    return this.views.checkpoints.revisionOf(account);
  }

  /** Accounts whose views have stopped, and why. */
  get stoppedAccounts(): readonly { account: string; kind: StopKind; reason: string }[] {
    return this.views.checkpoints.stopped();
  }

  /**
   * Checks the views against the log, builds them anew if they are not made from it, and follows it from then on.
   * Resolves when the views have caught up with the log.
   */
  async start(): Promise<void> {
    await this.verify();
    for (const { account, kind } of this.views.checkpoints.stopped()) {
      this.stopped.set(account, kind);
      await this.mend(account);
    }
    await new Promise<void>((resolve) => {
      this.following = this.follow(resolve);
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.subscription.abort();
    await this.following;
    this.views.database.close();
  }

  /**
   * Applies events of one account, in order. Never fails for the caller:
   * an account that cannot be projected is stopped, its reads are refused, and it is tried again.
   */
  async apply(account: string, records: readonly AccountEventRecord[]): Promise<void> {
    try {
      if (!this.applyNow(account, records)) await this.catchUp(account);
    } catch (error) {
      this.halt(account, error);
    }
  }

  /** @throws Rejection unavailable while the views cannot answer for the account */
  assertReadable(account: string): void {
    if (!this.caughtUp) throw new Rejection('unavailable', 'The service is starting and reads its event log');
    if (this.stopped.get(account) === 'failed' || this.mending.has(account))
      throw new Rejection('unavailable', 'The views of this account are being mended');
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
    this.views.database.commit();
  }

  private async mismatch(logId: string): Promise<string | undefined> {
    const { checkpoints } = this.views;
    if (checkpoints.logId === undefined) return undefined;
    if (checkpoints.logId !== logId) return 'they were made from another log';
    for (const { account, revision, event_id } of checkpoints.all()) {
      if (!(await this.holds(account, revision, event_id))) return 'they are ahead of the log';
    }
    return undefined;
  }

  private async holds(account: string, revision: number, eventId: string): Promise<boolean> {
    for await (const [event] of this.store.readStream(accountStream(account), revision - 1))
      return event?.id === eventId;
    return false;
  }

  private async follow(onCaughtUp: () => void): Promise<void> {
    let pause = 100;
    while (!this.stopping.signal.aborted) {
      this.subscription = new AbortController();
      try {
        await this.readSubscription(() => {
          pause = 100;
          onCaughtUp();
        });
      } catch (error) {
        this.logger.error(`The subscription to the log was lost: ${messageOf(error)}`);
      }
      await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  private async readSubscription(onCaughtUp: () => void): Promise<void> {
    const { checkpoints, database } = this.views;
    const { signal } = this.subscription;
    let events = 0;
    let reported = Date.now();
    for await (const page of this.store.subscribe(accountStreams, checkpoints.position, signal)) {
      const last = page.at(-1);
      for (const [account, recorded] of byAccount(page)) await this.take(account, recorded);
      // When changes were lost meanwhile it goes on from where that left the views, not from here.
      if (signal.aborted) return;
      if (last) {
        database.change(() => checkpoints.movePosition(last.position), 0);
        events += page.length;
      } else if (!this.caughtUp) {
        this.caughtUp = true;
        this.logger.log(`Views have caught up with the log, ${events} events read`);
      }
      if (!last) onCaughtUp();
      if (!this.caughtUp && Date.now() - reported > PROGRESS_INTERVAL_MS) {
        reported = Date.now();
        this.logger.log(`Views are catching up: ${events} events read`);
      }
      if (!this.caughtUp) await new Promise(setImmediate);
    }
  }

  /** Takes events from the subscription; most were applied already, as this process's own. */
  private async take(account: string, recorded: readonly RecordedEvent[]): Promise<void> {
    const revision = this.views.checkpoints.revisionOf(account);
    const news = recorded.filter((event) => event.revision > revision);
    if (news.length === 0 || this.stopped.has(account)) return;
    try {
      if (this.applyNow(account, news.map(decode))) return;
    } catch {
      // Read again below, event by event as far as they can be applied.
    }
    await this.catchUp(account).catch((error: unknown) => this.halt(account, error));
  }

  /** @returns false when events are missing in between */
  private applyNow(account: string, records: readonly AccountEventRecord[]): boolean {
    if (this.stopped.has(account)) return true;
    const { checkpoints, entities, database } = this.views;
    const revision = checkpoints.revisionOf(account);
    const news = records.filter((record) => record.revision > revision);
    const [first, last] = [news[0], news.at(-1)];
    if (!first || !last) return true;
    if (first.revision !== revision + 1) return false;
    database.change(() => {
      const number = revision < 0 ? this.declareAccount(account) : entities.known(account);
      for (const record of news) this.project(record, number);
      checkpoints.move(account, last.revision, last.id);
    }, news.length);
    return true;
  }

  private declareAccount(account: string): number {
    const number = this.views.entities.number(account);
    return this.views.entities.declare(account, 'account', number);
  }

  private project({ event, revision, metadata }: AccountEventRecord, account: number): void {
    const at = { account, revision, time: metadata.time };
    for (const handle of this.handlers.get(event.type) ?? []) handle(event.data, at);
  }

  /** Reads what the views lack of one account, and applies it as far as it can be read. */
  private async catchUp(account: string): Promise<void> {
    const after = this.views.checkpoints.revisionOf(account);
    for await (const page of this.store.readStream(accountStream(account), after)) {
      const records: AccountEventRecord[] = [];
      try {
        for (const event of page) records.push(decode(event));
      } finally {
        this.applyNow(account, records);
      }
    }
  }

  private halt(account: string, error: unknown): void {
    const kind = error instanceof UnreadableEvent ? 'unreadable' : 'failed';
    this.logger.error(`The views of account ${account} have stopped: ${messageOf(error)}`);
    this.stopped.set(account, kind);
    try {
      this.views.checkpoints.stop(account, kind, messageOf(error));
    } catch (cause) {
      this.logger.error(`That could not be written down: ${messageOf(cause)}`);
    }
    if (kind === 'failed') void this.mendLater(account);
  }

  /** Tries until the account goes on, or turns out to be unreadable; one such loop an account. */
  private async mendLater(account: string): Promise<void> {
    if (this.mending.has(account)) return;
    this.mending.add(account);
    for (
      let pause = 1000;
      this.stopped.get(account) === 'failed';
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    ) {
      await sleep(pause, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      await this.mend(account);
    }
    this.mending.delete(account);
  }

  /** Reads a stopped account on from its checkpoint. */
  private async mend(account: string): Promise<void> {
    this.stopped.delete(account);
    try {
      await this.catchUp(account);
      if (this.stopped.has(account)) return;
      this.views.checkpoints.resume(account);
      this.logger.log(`The views of account ${account} go on`);
    } catch (error) {
      this.halt(account, error);
    }
  }

  private startOver(reason: unknown): void {
    this.logger.error(`Changes of the views were lost, they are read again: ${messageOf(reason)}`);
    this.caughtUp = false;
    this.subscription.abort();
  }
}

function byAccount(page: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const accounts = new Map<string, RecordedEvent[]>();
  for (const event of page) {
    const account = accountOf(event.stream);
    const events = accounts.get(account);
    if (events) events.push(event);
    else accounts.set(account, [event]);
  }
  return accounts;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
