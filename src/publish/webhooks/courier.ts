import type { Clock } from '../../application/clock.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { AttemptLane } from './attempt-lane.js';
import type { Dispatch } from './dispatch.js';
import type { EventSource } from './event-source.js';
import type { Ledger } from './ledger.js';
import { type OwnEventType, ownUnit } from './own-event.js';
import type { RequestSlots } from './request-slots.js';
import type { Transmission, Transmitted } from './transmission.js';
import type { HeldUnit } from './unit.js';
import type { WebhookCommands } from './webhook-commands.js';

export interface CourierParts {
  readonly transmission: Pick<Transmission, 'send' | 'sendOwn' | 'close'>;
  readonly commands: WebhookCommands;
  readonly clock: Clock;
  readonly slots: Pick<RequestSlots, 'run'>;
  /** Is told of each attempt, for the metrics. */
  readonly attempted: (webhook: string, isAccepted: boolean) => void;
}

/** What a courier needs to know of the run that it works for. */
export interface Errand {
  readonly webhook: AccountWebhook;
  /** Whether something more may be sent. */
  mayGo(): boolean;
  /** Ends what is on its way. */
  readonly signal: AbortSignal;
  /** The revision up to which everything was accepted or given up. */
  readonly position: number;
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /** The receiver gets nothing more. */
  close(): void;
  /** Does something that the run does not wait for. */
  inBackground(work: () => Promise<void>): void;
}

/** A receiver whose last answer took longer counts as doubtful, in milliseconds. */
const SLOW_MS = 2_000;

/** Brings units to the receiver of one webhook, and has recorded what becomes of them. */
export class Courier {
  private isSlow = false;

  constructor(
    private readonly parts: CourierParts,
    private readonly errand: Errand,
    private readonly ledger: Ledger,
    private readonly source: EventSource,
    private readonly attempts: Pick<AttemptLane, 'read'>,
  ) {}

  /** @throws StoreUnavailable, Rejection unavailable when the events cannot be read; the unit waits then */
  async deliver(lane: Dispatch, unit: HeldUnit): Promise<void> {
    try {
      await this.inTurn(lane, () => this.send(lane, unit));
    } finally {
      lane.release(unit.id, this.errand.now());
    }
  }

  /**
   * Sends an event of this service's own, which is not in the log. It holds up nothing and is tried once: its delivery
   * is told with its outcome.
   * @returns whether there was an outcome before the run ended
   */
  async sendOwn(type: OwnEventType, id: string): Promise<boolean> {
    let isTold = false;
    await this.inTurn(this.ledger.lanes.live, async () => {
      const { errand } = this;
      if (!errand.mayGo()) return;
      const { webhook, signal } = errand;
      const unit = ownUnit(type, id, webhook, errand.now());
      const cursor = await this.cursor();
      const result = await this.parts.transmission.sendOwn(webhook, { type, id }, cursor, signal);
      if (signal.aborted) return;
      this.noted(result);
      this.ledger.recordOwn(unit, result);
      if (result.isGone) this.disable('gone');
      isTold = true;
    });
    return isTold;
  }

  private inTurn({ isDoubtful }: Dispatch, send: () => Promise<void>): Promise<void> {
    return this.parts.slots.run(isDoubtful || this.isSlow, send);
  }

  private noted({ attempt, isAccepted }: Transmitted): void {
    this.isSlow = attempt.duration_ms > SLOW_MS;
    this.parts.attempted(this.errand.webhook.webhook.id, isAccepted);
  }

  private cursor(): Promise<string> {
    return this.source.shown(this.ledger.lanes.live.watermark);
  }

  private async send(lane: Dispatch, unit: HeldUnit): Promise<void> {
    const { transmission } = this.parts;
    const { errand } = this;
    if (!errand.mayGo()) return;
    const events = await (unit.attempts ? this.attempts.read(unit.attempts) : this.source.read(unit.events));
    if (events.length === 0) {
      // Attempts are kept for so many days, and its retries lasted longer.
      lane.accepted(unit.id);
      return;
    }
    const cursor = await this.cursor();
    if (!errand.mayGo()) return;
    const { webhook, signal } = errand;
    const result = await transmission.send(webhook, events, cursor, signal);
    if (signal.aborted) return;
    this.noted(result);
    const verdict = this.ledger.record(lane, unit, result, errand.now());
    if (verdict?.kind === 'disable') this.disable(verdict.reason);
    else if (verdict?.kind === 'again' && verdict.warning !== undefined && !unit.attempts) {
      const { warning } = verdict;
      errand.inBackground(() => this.parts.commands.warn(webhook, unit, warning, result.attempt, signal));
    }
  }

  private disable(reason: 'gone' | 'exhausted'): void {
    const { errand } = this;
    if (!errand.mayGo()) return;
    const { webhook, position, signal } = errand;
    errand.close();
    errand.inBackground(() => this.parts.commands.disable(webhook, reason, position, signal));
  }
}
