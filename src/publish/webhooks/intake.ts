import { performance } from 'node:perf_hooks';
import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { AttemptLane } from './attempt-lane.js';
import type { SavedDeliveries } from './claim.js';
import type { EventSource } from './event-source.js';
import { mostPlanned } from './lanes.js';
import type { Ledger } from './ledger.js';
import { unitsOf } from './planning.js';
import { Repeats, type SendTest } from './repeats.js';

/** So often at least it is looked for what has come, though nobody has told of it, in milliseconds. */
const LOOK_MS = 60_000;
/** As {@link LOOK_MS}, where the place in the log moves by what happens in other companies. */
const FAMILY_LOOK_MS = 5_000;
/** How often attempts are looked for, in milliseconds. */
const ATTEMPTS_MS = 1_000;
/** How long it waits before it looks again for what is not there yet, in milliseconds. */
const AGAIN_MS = 1_000;

export interface IntakeParts {
  readonly log: SubscriberLog;
  readonly ledger: Ledger;
  readonly source: EventSource;
  readonly attempts: AttemptLane;
  readonly webhook: () => AccountWebhook;
  readonly test: SendTest;
}

/** Plans what a webhook is to be sent: new events, and what it is asked to send once more. */
export class Intake {
  private readonly repeats: Repeats;
  /** Whether there may be events that were not looked at, and orders. */
  private mayHaveMore = true;
  private mayHaveOrders = true;
  /** When both are looked for anew, by the monotonic clock. */
  private nextLook = 0;
  /** When attempts are looked for next, by the monotonic clock. */
  private nextAttempts = 0;

  constructor(
    private readonly parts: IntakeParts,
    saved: SavedDeliveries,
  ) {
    this.repeats = new Repeats(parts.ledger.lanes, parts.source, saved);
  }

  get state(): Repeats['state'] & AttemptLane['state'] {
    return { ...this.repeats.state, ...this.parts.attempts.state };
  }

  /** Notes that a state was saved. */
  saved(state: Repeats['state']): void {
    this.repeats.saved(state);
  }

  /** Events have come in an account. @returns whether they are to be looked at, and that was not known yet */
  moved(account: string): boolean {
    if (this.mayHaveMore || !this.parts.source.concerns(account)) return false;
    this.mayHaveMore = true;
    return true;
  }

  /** Orders have come. */
  ordered(): void {
    this.mayHaveOrders = true;
  }

  /** Something went wrong: everything is looked for anew. */
  again(): void {
    this.mayHaveMore = this.mayHaveOrders = true;
  }

  /** In how many milliseconds to look anew. */
  get wait(): number {
    const { include_attempts } = this.parts.webhook().webhook;
    const next = include_attempts ? Math.min(this.nextLook, this.nextAttempts) : this.nextLook;
    const wait = Math.max(next - performance.now(), 0);
    return this.repeats.isWaiting ? Math.min(AGAIN_MS, wait) : wait;
  }

  /** Whether everything there is was looked at. */
  get isAtEnd(): boolean {
    return !this.mayHaveMore && !this.repeats.isWaiting;
  }

  /**
   * Plans what there is room for.
   * @returns whether it has come any further, so that there may be more
   * @throws StoreUnavailable, Rejection unavailable
   */
  async plan(now: number): Promise<boolean> {
    const { ledger, webhook } = this.parts;
    this.lookAnew();
    const hasTaken = await this.takeOrders(now);
    const hasPlanned = await this.planNew(now);
    const hasReplayed = await this.repeats.plan(webhook().webhook, ledger.journal, now);
    const hasMore = await this.planAttempts(now);
    if (hasTaken || hasReplayed) ledger.saving.changed();
    return hasTaken || hasPlanned || hasReplayed || hasMore;
  }

  private async planAttempts(now: number): Promise<boolean> {
    const { ledger, attempts, webhook } = this.parts;
    if (performance.now() < this.nextAttempts) return false;
    const came = await attempts.plan(webhook(), ledger.journal, now);
    this.nextAttempts = came === 'more' ? 0 : performance.now() + ATTEMPTS_MS;
    if (came !== 'nothing') ledger.saving.changed();
    return came === 'more';
  }

  private lookAnew(): void {
    const now = performance.now();
    if (now < this.nextLook) return;
    this.nextLook = now + (this.parts.webhook().webhook.include_clients ? FAMILY_LOOK_MS : LOOK_MS);
    this.again();
  }

  private async takeOrders(now: number): Promise<boolean> {
    if (!this.mayHaveOrders) return false;
    const { log, webhook, test } = this.parts;
    this.mayHaveOrders = false;
    const count = await this.repeats.takeOrders(log, webhook(), now, test);
    this.mayHaveOrders ||= count > 0;
    return count > 0;
  }

  private async planNew(now: number): Promise<boolean> {
    const { ledger, source } = this.parts;
    const { live } = ledger.lanes;
    const { webhook } = this.parts.webhook();
    if (!this.mayHaveMore || live.room === 0) return false;
    const before = live.cursor;
    this.mayHaveMore = false;
    const { events, next } = await source.after(before, mostPlanned(live.room, webhook));
    for (const { unit, after } of unitsOf(events, webhook, now)) {
      live.plan(unit, after);
      ledger.journal.planned(unit);
    }
    live.pass(next);
    if (next === before) return false;
    this.mayHaveMore = true;
    if (events.length > 0) ledger.saving.changed();
    else ledger.saving.passed();
    return true;
  }
}
