import { NO_STREAM, RevisionConflict } from '../../event-store/event-store.js';
import type { SubscriberLog, SubscriberState } from '../../event-store/subscriber-log.js';
import type { AttemptCursor } from './attempt-source.js';
import type { DispatchState } from './dispatch-state.js';
import type { Mark } from './log-marks.js';
import type { HeldUnit } from './unit.js';
import type { WebhookError } from './webhook-progress.js';

export interface Replay {
  readonly id: string;
  readonly account: string;
  /** The next revision to look at, and the last. */
  readonly from: number;
  readonly to: number;
}

/** What is saved of the attempts that a webhook is told of. */
export interface SavedAttempts {
  /** Attempts before this time are not wanted, in milliseconds since the epoch. */
  readonly since: number;
  /** How far those of each account were looked at. */
  readonly cursors: Readonly<Record<string, AttemptCursor>>;
  readonly lane: DispatchState;
}

/** What is saved of a webhook's deliveries. */
export interface SavedDeliveries {
  /** The instance that sends; null when none does. */
  readonly instance: string | null;
  /** The revision after which events are sent: another one means that the webhook was enabled anew. */
  readonly since: number;
  /** Whether cursors are places in the log, as they are where clients are included. */
  readonly isOfFamily: boolean;
  readonly live: DispatchState;
  /** The revision of the webhook's account up to which everything was accepted or given up. */
  readonly position: number;
  /** Events of the webhook's account that were in the log then, the newest first. */
  readonly marks: readonly Mark[];
  readonly repeated: DispatchState;
  /** Null while the webhook includes none; absent before it was looked at. */
  readonly attempts?: SavedAttempts | null;
  readonly replays: readonly Replay[];
  /** The last order that was taken. */
  readonly orders: number;
  /** The newest first, at most five. */
  readonly lastErrors: readonly WebhookError[];
  /** When the webhook was last shown to work, in milliseconds since the epoch. */
  readonly verified: number;
}

export function savedIn({ data }: SubscriberState): SavedDeliveries {
  return JSON.parse(data) as SavedDeliveries;
}

/**
 * The right of this instance alone to send for a webhook, for as long as its {@link Heartbeat} beats. Its revision is
 * the fence: an instance that was overtaken saves nothing.
 */
export class Claim {
  private constructor(
    private readonly log: SubscriberLog,
    private readonly webhook: string,
    private readonly instance: string,
    private revision: number,
  ) {}

  /**
   * @param before the state as it was read
   * @param begin what to go on from
   * @returns undefined when another instance was quicker
   * @throws StoreUnavailable, StoreUnusable
   */
  static async take(
    log: SubscriberLog,
    webhook: string,
    instance: string,
    before: SubscriberState | undefined,
    begin: SavedDeliveries,
  ): Promise<Claim | undefined> {
    try {
      const data = JSON.stringify({ ...begin, instance });
      return new Claim(log, webhook, instance, await log.save(webhook, before?.revision ?? NO_STREAM, data));
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined;
      throw error;
    }
  }

  /**
   * Saves the state.
   * @param isLast gives the claim up, so that another instance need not wait
   * @throws RevisionConflict when another instance has taken over; StoreUnavailable
   */
  async save(state: Omit<SavedDeliveries, 'instance'>, isLast = false): Promise<void> {
    const data = JSON.stringify({ ...state, instance: isLast ? null : this.instance });
    this.revision = await this.log.save(this.webhook, this.revision, data);
  }
}

/** A claim with what to go on from. */
export interface Taken {
  readonly claim: Claim;
  readonly saved: SavedDeliveries;
  /** What was held and is not sent any more. */
  readonly dropped: readonly HeldUnit[];
}
