import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import type { Webhook } from '../../domain/webhook-record.js';
import type { SavedDeliveries } from './claim.js';
import type { WebhookError } from './webhook-progress.js';
import type { Attempt } from './delivery.js';
import { DeliveryJournal, type Ending } from './delivery-journal.js';
import type { Dispatch, Verdict } from './dispatch.js';
import { Lanes } from './lanes.js';
import type { Transmitted } from './transmission.js';
import { eventIdOf, type HeldUnit, type Unit } from './unit.js';

const MOST_ERRORS = 5;

/** What has become of a webhook's deliveries, and what goes out next. */
export class Ledger {
  readonly lanes: Lanes;
  readonly journal: DeliveryJournal;
  /** When the webhook was last shown to work, in milliseconds since the epoch. */
  verified: number;
  /** Whether there is something that was not saved. */
  isDirty = false;
  private lastErrors: readonly WebhookError[];

  constructor(log: SubscriberLog, webhook: Webhook, saved: SavedDeliveries) {
    this.lanes = new Lanes(saved, webhook);
    this.journal = new DeliveryJournal(log, webhook.id);
    this.lastErrors = saved.lastErrors;
    this.verified = saved.verified;
  }

  get state(): Pick<SavedDeliveries, 'live' | 'lastErrors' | 'verified'> {
    return { live: this.lanes.live.state, lastErrors: this.lastErrors, verified: this.verified };
  }

  /** @returns what becomes of a unit that was not accepted */
  async record(
    lane: Dispatch,
    unit: HeldUnit,
    result: Transmitted,
    now: number,
  ): Promise<Verdict | undefined> {
    const { attempt, isAccepted, retryAfterMs, isGone } = result;
    this.isDirty = true;
    if (isAccepted) {
      lane.accepted(unit.id);
      await this.journal.attempted(unit, attempt, { status: 'delivered' });
      return undefined;
    }
    this.note(unit, attempt);
    const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
    const verdict = lane.failed(unit.id, { ...asked, isGone }, now);
    await this.journal.attempted(unit, attempt, endingOf(verdict));
    return verdict;
  }

  /** Records the one attempt of an event that is not in the log. */
  async recordOwn(unit: Unit, { attempt, isAccepted }: Transmitted): Promise<void> {
    this.isDirty = true;
    if (!isAccepted) this.note(unit, attempt);
    await this.journal.attempted(unit, attempt, { status: isAccepted ? 'delivered' : 'given_up' });
  }

  private note(unit: Unit, { time, status_code, error = '' }: Attempt): void {
    const last: WebhookError = { time, event_id: eventIdOf(unit), status_code, error };
    this.lastErrors = [last, ...this.lastErrors].slice(0, MOST_ERRORS);
  }
}

function endingOf(verdict: Verdict): Ending {
  if (verdict.kind === 'again') return { status: 'failed', due: verdict.due };
  return { status: verdict.kind === 'skipped' ? 'skipped' : 'given_up' };
}
