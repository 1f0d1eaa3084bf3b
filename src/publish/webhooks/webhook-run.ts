import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as passed } from 'node:timers/promises';
import { isFromOutage } from '../../application/outage.js';
import { RevisionConflict } from '../../event-store/event-store.js';
import { Signal } from '../../event-store/signal.js';
import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import { within } from '../../event-store/within.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import { AttemptLane, type AttemptLaneParts } from './attempt-lane.js';
import type { SavedDeliveries, Taken } from './claim.js';
import { Courier, type CourierParts, type Errand } from './courier.js';
import type { EventSource } from './event-source.js';
import type { Heartbeat } from './heartbeat.js';
import { Intake } from './intake.js';
import { Ledger } from './ledger.js';
import type { LogMarks } from './log-marks.js';

/** After an error so many milliseconds pass. */
const AGAIN_MS = 1_000;
/** Events that come within so many milliseconds are looked at together. */
const TOGETHER_MS = 10;
const HOUR_MS = 3_600_000;

export interface RunParts extends CourierParts {
  readonly log: SubscriberLog;
  readonly source: (webhook: () => AccountWebhook) => EventSource;
  /** None where no attempts are kept. */
  readonly attempts?: ((webhook: () => AccountWebhook) => AttemptLaneParts) | undefined;
  readonly heartbeat: Pick<Heartbeat, 'hasRunOut'>;
  readonly marks: Pick<LogMarks, 'with'>;
}

/** Sends for one webhook for as long as this instance holds the claim. */
export class WebhookRun implements Errand {
  private readonly ledger: Ledger;
  private readonly source: EventSource;
  private readonly intake: Intake;
  private readonly courier: Courier;
  private readonly news = new Signal();
  private readonly stopping = new AbortController();
  private readonly ending = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private marks: SavedDeliveries['marks'];
  /** Whether the receiver gets nothing more, whatever the log could record of that. */
  isOver = false;
  private end: 'stopped' | 'lost' | undefined;
  private fault: Error | undefined;
  private gathering: NodeJS.Timeout | undefined;
  /** The time when the monotonic clock began. The time of day is read once: a clock that is set moves no retry. */
  private readonly epoch: number;

  constructor(
    private readonly parts: RunParts,
    private current: AccountWebhook,
    private readonly taken: Taken,
  ) {
    const { saved, dropped } = taken;
    this.epoch = parts.clock.now() - performance.now();
    this.marks = saved.marks;
    this.ledger = new Ledger(parts.log, current.webhook, saved, this.now());
    const webhook = () => this.current;
    this.source = parts.source(webhook);
    const attempts = new AttemptLane(this.ledger.lanes, parts.attempts?.(webhook), saved);
    this.courier = new Courier(parts, this, this.ledger, this.source, attempts);
    const test = (id: string, ended: () => void) => this.inBackground(() => this.test(id, ended));
    const { ledger, source } = this;
    this.intake = new Intake({ log: parts.log, ledger, source, attempts, webhook, test }, saved);
    if (dropped.length > 0) ledger.saving.changed();
    ledger.journal.giveUp(dropped);
  }

  /** How many events of the account are not accepted yet. */
  get lag(): number {
    return this.source.head - this.position;
  }

  get webhook(): AccountWebhook {
    return this.current;
  }

  mayGo(): boolean {
    return !this.hasEnded && !this.parts.heartbeat.hasRunOut;
  }

  get position(): number {
    return this.source.revisionAt(this.ledger.lanes.live.watermark);
  }

  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  now(): number {
    return Math.round(this.epoch + performance.now());
  }

  /** Events have come in an account. */
  moved(account: string): void {
    if (!this.intake.moved(account)) return;
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.news.raise();
    }, TOGETHER_MS);
  }

  /** Looks for orders at once. */
  hurry(): void {
    this.intake.ordered();
    this.news.raise();
  }

  /** Takes the webhook as it is now; it is active still. */
  change(current: AccountWebhook): void {
    this.current = current;
    this.ledger.lanes.change(current.webhook);
    this.news.raise();
  }

  /** Starts nothing more, and gives the claim up once what is under way has ended. */
  stop(): void {
    this.end ??= 'stopped';
    this.ending.abort();
    this.news.raise();
  }

  /** As {@link stop}: the receiver gets nothing more, and what is held is given up. */
  close(): void {
    this.isOver = true;
    this.stop();
  }

  /** Ends what is under way as well. */
  abort(): void {
    this.stop();
    this.stopping.abort();
  }

  inBackground(task: () => Promise<void>): void {
    const work: Promise<void> = task()
      .catch((error: unknown) => this.outlast(error))
      .finally(() => {
        this.underWay.delete(work);
        this.news.raise();
      });
    this.underWay.add(work);
  }

  /** Sends until it is stopped, or the claim is lost, or the webhook is switched off. @throws what a fault threw */
  async run(): Promise<void> {
    while (!this.hasEnded) {
      const news = this.news.raised();
      try {
        await this.step();
        await this.pause(news);
      } catch (error) {
        this.outlast(error);
        await passed(AGAIN_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
      }
    }
    clearTimeout(this.gathering);
    if (this.end === 'stopped') {
      while (this.underWay.size > 0) await Promise.all(this.underWay);
      if (this.isOver) this.ledger.journal.giveUp(this.ledger.lanes.held);
      await this.save(true).catch(() => undefined);
    }
    this.stopping.abort();
    if (this.fault !== undefined) throw this.fault;
  }

  private get hasEnded(): boolean {
    return this.end !== undefined;
  }

  private get isQuiet(): boolean {
    return this.underWay.size === 0;
  }

  private async step(): Promise<void> {
    const { lanes, saving } = this.ledger;
    if (this.parts.heartbeat.hasRunOut || saving.isOverdue) this.lose();
    if (this.hasEnded) return;
    if (await this.intake.plan(this.now())) this.news.raise();
    this.verifyIfDue();
    for (let next = lanes.next(this.now()); next; next = lanes.next(this.now())) {
      const { lane, unit } = next;
      this.inBackground(() => this.courier.deliver(lane, unit));
    }
    if (saving.wait(this.isQuiet) === 0) await this.save();
    // The last events of a closed client are sent, and there will be no more.
    if (this.current.closed && this.isQuiet && this.intake.isAtEnd && lanes.held.length === 0) this.close();
  }

  private async test(id: string, ended: () => void): Promise<void> {
    let isOver = true;
    try {
      isOver = await this.courier.sendOwn('WebhookTest', id);
    } finally {
      if (isOver) ended();
      this.intake.ordered();
    }
  }

  private verifyIfDue(): void {
    if (this.verifyTime > this.now()) return;
    this.ledger.verified = this.now();
    this.ledger.saving.changed();
    this.inBackground(async () => {
      await this.courier.sendOwn('WebhookVerified', randomUUID());
    });
  }

  private get verifyTime(): number {
    const { verify_hours } = this.current.webhook;
    return verify_hours === null ? Infinity : this.ledger.verified + verify_hours * HOUR_MS;
  }

  private save(isLast = false): Promise<void> {
    const { ledger, taken, parts } = this;
    return ledger.saving.by(async () => {
      await ledger.journal.flush();
      const { since, isOfFamily } = taken.saved;
      const marks = parts.marks.with(this.current.account, this.marks);
      const own = { since, isOfFamily, position: this.position, marks };
      const state = { ...own, ...ledger.state, ...this.intake.state };
      await taken.claim.save(state, isLast);
      this.intake.saved(state);
      this.marks = marks;
    });
  }

  private async pause(news: Promise<void>): Promise<void> {
    if (this.hasEnded) return;
    const { lanes, saving } = this.ledger;
    const now = this.now();
    const next = (lanes.nextTime(now) ?? Infinity) - now;
    const wait = Math.min(next, saving.wait(this.isQuiet), this.verifyTime - now, this.intake.wait);
    await within(wait, news, () => new Error()).catch(() => undefined);
  }

  private lose(): void {
    this.end = 'lost';
    this.ending.abort();
    this.stopping.abort();
  }

  /** A store that is out of reach is waited for until the claim has run out. */
  private outlast(error: unknown): void {
    this.intake.again();
    if (error instanceof RevisionConflict) this.lose();
    else if (!isFromOutage(error)) {
      this.fault ??= error instanceof Error ? error : new Error(String(error));
      this.stop();
    }
  }
}
