import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { Replay, SavedDeliveries } from './claim.js';
import { deliveryIn, isRepeatable } from './delivery.js';
import type { DeliveryJournal } from './delivery-journal.js';
import type { EventSource } from './event-source.js';
import { type Lanes, mostPlanned } from './lanes.js';
import { type Order, orderIn } from './order.js';
import { unitsOf } from './planning.js';

/** So many replays are taken at a time. Others wait among the orders. */
const MOST_REPLAYS = 50;

type Saved = Pick<SavedDeliveries, 'repeated' | 'replays' | 'orders'>;
type Orders = Pick<SubscriberLog, 'orders' | 'delivery'>;

/** What a webhook is asked to send once more. */
export class Repeats {
  private replays: readonly Replay[];
  private taken: number;
  /** As {@link taken}, as far as that is saved. */
  private settled: number;

  constructor(
    private readonly lanes: Lanes,
    private readonly source: EventSource,
    { replays, orders }: Pick<Saved, 'replays' | 'orders'>,
  ) {
    this.replays = replays;
    this.taken = this.settled = orders;
  }

  get state(): Saved {
    return { repeated: this.lanes.repeated.wholeState, replays: this.replays, orders: this.taken };
  }

  /** Whether there is something to replay, and room for it. */
  get isWaiting(): boolean {
    return this.replays.length > 0 && this.lanes.repeated.room > 0;
  }

  /** Notes that a state was saved. */
  saved({ orders }: Pick<Saved, 'orders'>): void {
    this.settled = orders;
  }

  /**
   * Takes the orders that have come, as far as there is room.
   * @param test sends a test event
   * @returns how many there were
   * @throws StoreUnavailable
   */
  async takeOrders(
    log: Orders,
    { webhook }: AccountWebhook,
    now: number,
    test: (id: string) => void,
  ): Promise<number> {
    const orders = await log.orders(webhook.id, this.taken, this.settled);
    let count = 0;
    for (const { revision, data } of orders) {
      const order = orderIn(data);
      if (!this.isRoomFor(order)) break;
      if (order.kind === 'retry')
        for (const delivery of order.deliveries) await this.retry(log, webhook.id, delivery, now);
      else if (order.kind === 'replay') this.replays = [...this.replays, replayOf(order)];
      else test(order.id);
      this.taken = revision;
      count += 1;
    }
    return count;
  }

  /** Plans what is to be replayed, as far as there is room. @returns whether it has come any further */
  async plan(webhook: WebhookFacts, journal: DeliveryJournal, now: number): Promise<boolean> {
    const [replay, ...others] = this.replays;
    if (!replay || !this.isWaiting) return false;
    const { id, account, from, to } = replay;
    const room = mostPlanned(this.lanes.repeated.room, webhook);
    const { events, next } = await this.source.between(account, from, to, room);
    for (const { unit } of unitsOf(events, webhook, now, `.${id}`)) {
      this.lanes.repeated.plan(unit, '');
      journal.planned(unit);
    }
    this.replays = next > to ? others : [{ ...replay, from: next }, ...others];
    return next > from;
  }

  private isRoomFor(order: Order): boolean {
    if (order.kind === 'test') return true;
    if (order.kind === 'retry' && order.deliveries.every((id) => this.lanes.holds(id))) return true;
    return this.replays.length < MOST_REPLAYS && !this.lanes.repeated.isFull;
  }

  /** A delivery that waits for its next attempt has it now. One at its end is made once more. */
  private async retry(
    log: Pick<SubscriberLog, 'delivery'>,
    webhook: string,
    id: string,
    now: number,
  ): Promise<void> {
    if (this.lanes.retry(id, now) || this.lanes.holds(id)) return;
    const found = await log.delivery(webhook, id);
    if (!found) return;
    const delivery = deliveryIn(found);
    if (!isRepeatable(delivery)) return;
    const { events, attemptPlaces: attempts, event_id: eventId, event_type: type, keys } = delivery;
    const what = attempts ? { events, attempts, eventId } : { events };
    this.lanes.repeated.plan({ id, ...what, type, keys, before: '', planned: found.time }, '');
  }
}

function replayOf({ id, account, from, to }: Order & { readonly kind: 'replay' }): Replay {
  return { id, account, from, to };
}
