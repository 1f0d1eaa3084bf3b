import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { Replay, SavedDeliveries } from './claim.js';
import { deliveryIn } from './delivery.js';
import type { DeliveryJournal } from './delivery-journal.js';
import type { EventSource } from './event-source.js';
import type { Lanes } from './lanes.js';
import { type Order, orderIn } from './order.js';
import { unitsOf } from './planning.js';

type Saved = Pick<SavedDeliveries, 'repeated' | 'replays' | 'orders'>;

/** What a webhook is asked to send once more. */
export class Repeats {
  private replays: readonly Replay[];
  private taken: number;

  constructor(
    private readonly lanes: Lanes,
    private readonly source: EventSource,
    { replays, orders }: Pick<Saved, 'replays' | 'orders'>,
  ) {
    this.replays = replays;
    this.taken = orders;
  }

  get state(): Saved {
    return { repeated: this.lanes.repeated.wholeState, replays: this.replays, orders: this.taken };
  }

  /**
   * Takes the orders that have come.
   * @param test sends a test event
   * @returns whether there were any
   * @throws StoreUnavailable
   */
  async takeOrders(
    log: Pick<SubscriberLog, 'orders' | 'delivery'>,
    { webhook }: AccountWebhook,
    now: number,
    test: (id: string) => void,
  ): Promise<boolean> {
    const orders = await log.orders(webhook.id, this.taken);
    for (const { revision, data } of orders) {
      const order = orderIn(data);
      if (order.kind === 'retry')
        for (const delivery of order.deliveries) await this.retry(log, webhook.id, delivery, now);
      else if (order.kind === 'replay') this.replays = [...this.replays, replayOf(order)];
      else test(order.id);
      this.taken = revision;
    }
    return orders.length > 0;
  }

  /** Plans what is to be replayed, as far as there is room. @returns whether anything was planned */
  async plan(webhook: WebhookFacts, journal: DeliveryJournal, now: number): Promise<boolean> {
    const [replay, ...others] = this.replays;
    const room = this.lanes.repeated.room * webhook.batch;
    if (!replay || room <= 0) return false;
    const { id, account, from, to } = replay;
    const { events, next } = await this.source.between(account, from, to, room);
    for (const { unit } of unitsOf(events, webhook, now, `.${id}`)) {
      this.lanes.repeated.plan(unit, '');
      journal.planned(unit);
    }
    this.replays = next > to ? others : [{ ...replay, from: next }, ...others];
    return true;
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
    const { events, event_type: type, keys } = deliveryIn(found);
    if (events.length > 0)
      this.lanes.repeated.plan({ id, events, type, keys, before: '', planned: found.time }, '');
  }
}

function replayOf({ id, account, from, to }: Order & { readonly kind: 'replay' }): Replay {
  return { id, account, from, to };
}
