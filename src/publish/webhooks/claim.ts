import { NO_STREAM, RevisionConflict } from '../../event-store/event-store.js';
import type { SubscriberLog, SubscriberState } from '../../event-store/subscriber-log.js';
import type { DispatchState } from './dispatch.js';
import type { WebhookError } from './webhook-progress.js';

/** How long an instance that does not renew its claim keeps others from a webhook, in milliseconds. */
export const LEASE_MS = 15_000;

export interface Replay {
  readonly id: string;
  readonly account: string;
  /** The next revision to look at, and the last. */
  readonly from: number;
  readonly to: number;
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
  readonly repeated: DispatchState;
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

/** The right of this instance alone to send for a webhook. Its revision is the fence. An instance that was overtaken saves nothing. */
export class Claim {
  private constructor(
    private readonly log: SubscriberLog,
    private readonly webhook: string,
    private readonly instance: string,
    private revision: number,
    /** Until when others keep away, by the monotonic clock in milliseconds. */
    private heldUntil: number,
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
  ): Promise<{ readonly claim: Claim; readonly saved: SavedDeliveries } | undefined> {
    const saved = { ...begin, instance };
    const asked = performance.now();
    try {
      const revision = await log.save(webhook, before?.revision ?? NO_STREAM, JSON.stringify(saved));
      return { claim: new Claim(log, webhook, instance, revision, asked + LEASE_MS), saved };
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined;
      throw error;
    }
  }

  /** Whether another instance may have taken over by now. */
  get hasRunOut(): boolean {
    return performance.now() >= this.heldUntil;
  }

  /** Whether it should be renewed, though there is nothing else to save. */
  get isToBeRenewed(): boolean {
    return performance.now() >= this.heldUntil - (LEASE_MS * 2) / 3;
  }

  /**
   * Saves the state, which renews the claim.
   * @param isLast gives the claim up, so that another instance need not wait
   * @throws RevisionConflict when another instance has taken over; StoreUnavailable
   */
  async save(state: Omit<SavedDeliveries, 'instance'>, isLast = false): Promise<void> {
    const asked = performance.now();
    const data = JSON.stringify({ ...state, instance: isLast ? null : this.instance });
    this.revision = await this.log.save(this.webhook, this.revision, data);
    this.heldUntil = asked + LEASE_MS;
  }
}
