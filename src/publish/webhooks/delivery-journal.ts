import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import { type Attempt, deliveryIn, kept, type RepeatableDelivery } from './delivery.js';
import { eventIdOf, type Unit } from './unit.js';

interface Entry {
  readonly delivery: RepeatableDelivery;
  readonly planned: number;
}

/** What becomes of a delivery after an attempt. */
export type Ending =
  | { readonly status: 'delivered' | 'given_up' | 'skipped' }
  /** `due`: when the next attempt is, in milliseconds since the epoch. */
  | { readonly status: 'failed'; readonly due: number };

/** Tells the history of a webhook's deliveries, a batch at a time. */
export class DeliveryJournal {
  /** Deliveries that are not at their end. */
  private readonly open = new Map<string, Entry>();
  /** The newest state of each delivery that is to be written. */
  private changed = new Map<string, Entry>();

  constructor(
    private readonly log: Pick<SubscriberLog, 'record' | 'delivery'>,
    private readonly webhook: string,
  ) {}

  get isDirty(): boolean {
    return this.changed.size > 0;
  }

  planned(unit: Unit): void {
    this.note({ delivery: beginningOf(unit), planned: unit.planned });
  }

  /** @throws StoreUnavailable when the earlier attempts cannot be read */
  async attempted(unit: Unit, attempt: Attempt, ending: Ending): Promise<void> {
    const { delivery, planned } = this.open.get(unit.id) ?? (await this.before(unit));
    const next = ending.status === 'failed' ? { next_attempt: new Date(ending.due).toISOString() } : {};
    const attempts = [...delivery.attempts, attempt];
    this.note({ delivery: { ...ended(delivery), status: ending.status, attempts, ...next }, planned });
  }

  /** Ends what is not at its end, as the webhook was switched off. */
  giveUp(): void {
    for (const { delivery, planned } of [...this.open.values()])
      this.note({ delivery: { ...ended(delivery), status: 'given_up' }, planned });
  }

  /** Writes what has changed. @throws StoreUnavailable, StoreUnusable; it is then written the next time */
  async flush(): Promise<void> {
    const { changed } = this;
    if (changed.size === 0) return;
    this.changed = new Map();
    try {
      await this.log.record(
        this.webhook,
        [...changed.values()].map(({ delivery, planned }) => kept(delivery, planned)),
      );
    } catch (error) {
      this.changed = new Map([...changed, ...this.changed]);
      throw error;
    }
  }

  private note(entry: Entry): void {
    const { id, status } = entry.delivery;
    this.changed.set(id, entry);
    if (status === 'pending' || status === 'failed') this.open.set(id, entry);
    else this.open.delete(id);
  }

  /** A delivery of which another instance has made the attempts before. */
  private async before(unit: Unit): Promise<Entry> {
    const changed = this.changed.get(unit.id);
    if (changed) return changed;
    const found = await this.log.delivery(this.webhook, unit.id);
    if (!found) return { delivery: beginningOf(unit), planned: unit.planned };
    return { delivery: deliveryIn(found), planned: found.time };
  }
}

/** Without a next attempt. */
function ended({
  id,
  event_id,
  event_type,
  status,
  attempts,
  events,
  keys,
}: RepeatableDelivery): RepeatableDelivery {
  return { id, event_id, event_type, status, attempts, events, keys };
}

function beginningOf(unit: Unit): RepeatableDelivery {
  const { id, type, events, keys } = unit;
  return { id, event_id: eventIdOf(unit), event_type: type, status: 'pending', attempts: [], events, keys };
}
