import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import type { Webhook } from '../../domain/webhook-record.js';
import type { SavedDeliveries } from './claim.js';
import type { WebhookError } from './webhook-progress.js';
import type { Attempt } from './delivery.js';
import { DeliveryJournal, type Ending } from './delivery-journal.js';
import type { Dispatch } from './dispatch.js';
import type { Verdict } from './dispatch-state.js';
import { Lanes } from './lanes.js';
import { Saving } from './saving.js';
import type { Transmitted } from './transmission.js';
import { eventIdOf, type HeldUnit, type Unit } from './unit.js';

const MOST_ERRORS = 5;

/** What has become of a webhook's deliveries, and what goes out next. */
export class Ledger {
  readonly lanes: Lanes;
  readonly journal: DeliveryJournal;
  /** When to save what has changed. */
  readonly saving = new Saving();
  /** When the webhook was last shown to work, in milliseconds since the epoch. */
  verified: number;
  private lastErrors: readonly WebhookError[];

  /** @param now in milliseconds since the epoch */
  constructor(log: SubscriberLog, webhook: Webhook, saved: SavedDeliveries, now: number) {
    this.lanes = new Lanes(saved, webhook, now);
    this.journal = new DeliveryJournal(log, webhook.id);
    this.lastErrors = saved.lastErrors;
    this.verified = Math.min(saved.verified, now);
  }

  get state(): Pick<SavedDeliveries, 'live' | 'lastErrors' | 'verified'> {
    return { live: this.lanes.live.state, lastErrors: this.lastErrors, verified: this.verified };
  }

  /** @returns what becomes of a unit that was not accepted */
  record(lane: Dispatch, unit: HeldUnit, result: Transmitted, now: number): Verdict | undefined {
    const { attempt, isAccepted, retryAfterMs, isGone } = result;
    const isContinued = unit.failures > 0 || lane === this.lanes.repeated;
    this.saving.changed();
    if (isAccepted) {
      lane.accepted(unit.id);
      this.journal.attempted(unit, attempt, { status: 'delivered' }, isContinued);
      return undefined;
    }
    this.note(unit, attempt);
    const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
    const verdict = lane.failed(unit.id, { ...asked, isGone }, now);
    this.journal.attempted(unit, attempt, endingOf(verdict), isContinued);
    return verdict;
  }

  /** Records the one attempt of an event that is not in the log. */
  recordOwn(unit: Unit, { attempt, isAccepted }: Transmitted): void {
    this.saving.changed();
    if (!isAccepted) this.note(unit, attempt);
    this.journal.attempted(unit, attempt, { status: isAccepted ? 'delivered' : 'given_up' }, false);
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
