import { randomUUID } from 'node:crypto';
import type { Clock } from '../../application/clock.js';
import { isFromOutage } from '../../application/outage.js';
import type { DeliveryEventType } from '../../domain/delivery-events.js';
import { RevisionConflict } from '../../event-store/event-store.js';
import { Signal } from '../../event-store/signal.js';
import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import { within } from '../../event-store/within.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Claim, SavedDeliveries } from './claim.js';
import type { Dispatch } from './dispatch.js';
import type { EventSource } from './event-source.js';
import { Ledger } from './ledger.js';
import { ownUnit } from './own-event.js';
import { unitsOf } from './planning.js';
import { Repeats } from './repeats.js';
import type { Transmission } from './transmission.js';
import type { HeldUnit } from './unit.js';
import type { WebhookCommands } from './webhook-commands.js';

/** How often what has changed is saved, and orders are looked for, in milliseconds. */
const SAVE_MS = 1_000;
const HOUR_MS = 3_600_000;

export interface RunParts {
  readonly log: SubscriberLog;
  readonly source: (webhook: () => AccountWebhook) => EventSource;
  readonly transmission: Pick<Transmission, 'send' | 'sendOwn' | 'close'>;
  readonly commands: WebhookCommands;
  readonly clock: Clock;
  /** Is told of each attempt, for the metrics. */
  readonly attempted: (webhook: string, isAccepted: boolean) => void;
}

/** Sends for one webhook for as long as this instance holds the claim. */
export class WebhookRun {
  private readonly ledger: Ledger;
  private readonly source: EventSource;
  private readonly repeats: Repeats;
  private readonly news = new Signal();
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  /** Whether the receiver gets nothing more, whatever the log could record of that. */
  isOver = false;
  private end: 'stopped' | 'lost' | undefined;
  private fault: Error | undefined;
  private savedAt = 0;
  /** Whether there may be events that were not looked at. */
  private mayHaveMore = true;

  constructor(
    private readonly parts: RunParts,
    private current: AccountWebhook,
    private readonly claim: Claim,
    private readonly saved: SavedDeliveries,
  ) {
    this.ledger = new Ledger(parts.log, current.webhook, saved);
    this.source = parts.source(() => this.current);
    this.repeats = new Repeats(this.ledger.lanes, this.source, saved);
  }

  /** How many events of the account are not accepted yet. */
  get lag(): number {
    return this.source.head - this.position;
  }

  /** Events have come in an account. */
  moved(account: string): void {
    const { account: own, webhook } = this.current;
    if (account !== own && !webhook.include_clients) return;
    this.mayHaveMore = true;
    this.news.raise();
  }

  /** Looks for orders at once. */
  hurry(): void {
    this.savedAt = 0;
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
    this.news.raise();
  }

  /** Ends what is under way as well. */
  abort(): void {
    this.stop();
    this.stopping.abort();
  }

  /** Sends until it is stopped, or the claim is lost, or the webhook is switched off. @throws what a fault threw */
  async run(): Promise<void> {
    do {
      const news = this.news.raised();
      await this.step().catch((error: unknown) => this.outlast(error));
      await this.pause(news);
    } while (!this.hasEnded);
    if (this.end === 'stopped') {
      await Promise.all(this.underWay);
      await this.save(true).catch(() => undefined);
    }
    this.stopping.abort();
    if (this.fault !== undefined) throw this.fault;
  }

  private get hasEnded(): boolean {
    return this.end !== undefined;
  }

  private get position(): number {
    return this.source.revisionAt(this.ledger.lanes.live.watermark);
  }

  private async step(): Promise<void> {
    const { clock, log } = this.parts;
    const { lanes } = this.ledger;
    if (this.claim.hasRunOut) this.lose();
    if (performance.now() - this.savedAt >= SAVE_MS) {
      this.savedAt = performance.now();
      this.mayHaveMore = true;
      const test = (id: string) => this.inBackground(this.sendOwn('WebhookTest', id));
      if (await this.repeats.takeOrders(log, this.current, clock.now(), test)) this.ledger.isDirty = true;
      this.verifyIfDue(clock.now());
      await this.save();
    }
    await this.plan(clock.now());
    for (let next = lanes.next(clock.now()); next && !this.hasEnded;) {
      this.inBackground(this.deliver(next.lane, next.unit));
      next = lanes.next(clock.now());
    }
  }

  private async plan(now: number): Promise<void> {
    const { lanes, journal } = this.ledger;
    const { live } = lanes;
    const { webhook } = this.current;
    if (this.mayHaveMore && live.room > 0) {
      const before = live.cursor;
      this.mayHaveMore = false;
      const { events, next } = await this.source.after(before, live.room * webhook.batch);
      for (const { unit, after } of unitsOf(events, webhook, now)) {
        live.plan(unit, after);
        journal.planned(unit);
      }
      live.pass(next);
      if (next !== before) {
        this.ledger.isDirty = true;
        this.mayHaveMore = true;
        this.news.raise();
      }
    }
    if (await this.repeats.plan(webhook, journal, now)) this.ledger.isDirty = true;
  }

  private async deliver(lane: Dispatch, unit: HeldUnit): Promise<void> {
    const { transmission, clock, commands, attempted } = this.parts;
    const { signal } = this.stopping;
    try {
      const events = await this.source.read(unit.events);
      const cursor = await this.source.shown(this.ledger.lanes.live.watermark);
      const result = await transmission.send(this.current, events, cursor, signal);
      if (signal.aborted) return;
      attempted(this.current.webhook.id, result.isAccepted);
      const verdict = await this.ledger.record(lane, unit, result, clock.now());
      if (verdict?.kind === 'disable') await this.disable(verdict.reason);
      else if (verdict?.kind === 'again' && verdict.warning !== undefined)
        await commands.warn(this.current, unit, verdict.warning, result.attempt);
    } catch (error) {
      lane.release(unit.id);
      throw error;
    }
  }

  private async disable(reason: 'gone' | 'exhausted'): Promise<void> {
    if (this.hasEnded) return;
    this.isOver = true;
    this.stop();
    this.ledger.journal.giveUp();
    await this.parts.commands.disable(this.current, reason, this.position, this.stopping.signal);
  }

  private verifyIfDue(now: number): void {
    const { verify_hours } = this.current.webhook;
    if (verify_hours === null || now - this.ledger.verified < verify_hours * HOUR_MS) return;
    this.ledger.verified = now;
    this.ledger.isDirty = true;
    this.inBackground(this.sendOwn('WebhookVerified', randomUUID()));
  }

  /** Sends an event of this service's own, which is not in the log. It holds up nothing and is tried once. */
  private async sendOwn(type: DeliveryEventType, id: string): Promise<void> {
    const { transmission, clock } = this.parts;
    const { signal } = this.stopping;
    const unit = ownUnit(type, id, this.current, clock.now());
    this.ledger.journal.planned(unit);
    const cursor = await this.source.shown(this.ledger.lanes.live.watermark);
    const result = await transmission.sendOwn(this.current, { type, id }, cursor, signal);
    if (!signal.aborted) await this.ledger.recordOwn(unit, result);
  }

  private inBackground(task: Promise<void>): void {
    const work: Promise<void> = task
      .catch((error: unknown) => this.outlast(error))
      .finally(() => {
        this.underWay.delete(work);
        this.news.raise();
      });
    this.underWay.add(work);
  }

  private async save(isLast = false): Promise<void> {
    const { ledger, claim, saved } = this;
    await ledger.journal.flush();
    if (!ledger.isDirty && !isLast && !claim.isToBeRenewed) return;
    ledger.isDirty = false;
    try {
      const own = { since: saved.since, isOfFamily: saved.isOfFamily, position: this.position };
      await claim.save({ ...own, ...ledger.state, ...this.repeats.state }, isLast);
    } catch (error) {
      ledger.isDirty = true;
      throw error;
    }
  }

  private async pause(news: Promise<void>): Promise<void> {
    if (this.hasEnded) return;
    const now = this.parts.clock.now();
    const next = this.ledger.lanes.nextTime(now) ?? Infinity;
    const wait = Math.min(Math.max(next - now, 0), SAVE_MS);
    await within(wait, news, () => new Error()).catch(() => undefined);
  }

  private lose(): void {
    this.end = 'lost';
    this.stopping.abort();
  }

  /** A store that is out of reach is waited for until the claim has run out. */
  private outlast(error: unknown): void {
    if (error instanceof RevisionConflict) this.lose();
    else if (!isFromOutage(error)) {
      this.fault ??= error instanceof Error ? error : new Error(String(error));
      this.stop();
    }
  }
}
