import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import { type Attempt, deliveryIn, kept, type RepeatableDelivery } from './delivery.js';
import { eventIdOf, type Unit } from './unit.js';

/** What becomes of a delivery after an attempt. */
export type Ending =
  | { readonly status: 'pending' | 'delivered' | 'given_up' | 'skipped' }
  /** `due`: when the next attempt is, in milliseconds since the epoch. */
  | { readonly status: 'failed'; readonly due: number };

/** What has changed of a delivery since it was written. */
interface Change {
  readonly unit: Unit;
  readonly attempts: readonly Attempt[];
  readonly ending: Ending;
  /** Whether attempts were written before that belong to it. */
  readonly isContinued: boolean;
}

/** Tells the history of a webhook's deliveries, a batch at a time. */
export class DeliveryJournal {
  private changes = new Map<string, Change>();

  constructor(
    private readonly log: Pick<SubscriberLog, 'record' | 'delivery'>,
    private readonly webhook: string,
  ) {}

  planned(unit: Unit): void {
    this.note({ unit, attempts: [], ending: { status: 'pending' }, isContinued: false });
  }

  /** @param isContinued whether there may have been attempts before */
  attempted(unit: Unit, attempt: Attempt, ending: Ending, isContinued: boolean): void {
    this.note({ unit, attempts: [attempt], ending, isContinued });
  }

  /** Ends what is held, as the webhook is switched off. */
  giveUp(units: readonly Unit[]): void {
    for (const unit of units)
      this.note({ unit, attempts: [], ending: { status: 'given_up' }, isContinued: true });
  }

  /** Writes what has changed. @throws StoreUnavailable, StoreUnusable; it is then written the next time */
  async flush(): Promise<void> {
    const { changes } = this;
    if (changes.size === 0) return;
    this.changes = new Map();
    try {
      const deliveries = [];
      for (const change of changes.values()) deliveries.push(await this.whole(change));
      await this.log.record(this.webhook, deliveries);
    } catch (error) {
      const later = this.changes.values();
      this.changes = changes;
      for (const change of later) this.note(change);
      throw error;
    }
  }

  private note(change: Change): void {
    const { id } = change.unit;
    const before = this.changes.get(id);
    const attempts = [...(before?.attempts ?? []), ...change.attempts];
    const isContinued = before?.isContinued ?? change.isContinued;
    this.changes.set(id, { ...change, attempts, isContinued });
  }

  private async whole({ unit, attempts, ending, isContinued }: Change) {
    const found = isContinued ? await this.log.delivery(this.webhook, unit.id) : undefined;
    const before = found ? deliveryIn(found) : beginningOf(unit);
    const next = ending.status === 'failed' ? { next_attempt: new Date(ending.due).toISOString() } : {};
    const { id, event_id, event_type, events, attemptPlaces, keys } = before;
    const what = attemptPlaces ? { events, attemptPlaces, keys } : { events, keys };
    const all = [...before.attempts, ...attempts];
    return kept(
      { id, event_id, event_type, ...what, status: ending.status, attempts: all, ...next },
      found?.time ?? unit.planned,
    );
  }
}

function beginningOf(unit: Unit): RepeatableDelivery {
  const { id, type: event_type, events, attempts: attemptPlaces, keys } = unit;
  const begun = { status: 'pending', attempts: [] } as const;
  return { id, event_id: eventIdOf(unit), event_type, ...begun, events, attemptPlaces, keys };
}
