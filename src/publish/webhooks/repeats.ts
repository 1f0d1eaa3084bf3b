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
/** So many tests are under way at a time. */
const MOST_TESTS = 8;

type Saved = Pick<SavedDeliveries, 'repeated' | 'replays' | 'orders'>;
type Orders = Pick<SubscriberLog, 'orders' | 'delivery'>;

/** Sends a test event, and tells when it needs not be sent again. */
export type SendTest = (id: string, ended: () => void) => void;

/** What a webhook is asked to send once more. */
export class Repeats {
  private replays: readonly Replay[];
  private taken: number;
  /** As {@link taken}, as far as that is saved. */
  private settled: number;
  /** The orders of tests under way. After a crash they are carried out once more. */
  private readonly tests = new Set<number>();
  /** Orders after {@link taken} that were carried out already: one before them waits for room that they need not. */
  private readonly ahead = new Set<number>();

  constructor(
    private readonly lanes: Lanes,
    private readonly source: EventSource,
    { replays, orders }: Pick<Saved, 'replays' | 'orders'>,
  ) {
    this.replays = replays;
    this.taken = this.settled = orders;
  }

  get state(): Saved {
    const orders = Math.min(this.taken, ...[...this.tests].map((one) => one - 1));
    return { repeated: this.lanes.repeated.wholeState, replays: this.replays, orders };
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
   * @returns how many there were
   * @throws StoreUnavailable
   */
  async takeOrders(log: Orders, { webhook }: AccountWebhook, now: number, test: SendTest): Promise<number> {
    const orders = await log.orders(webhook.id, this.taken, this.settled);
    let count = 0;
    let isBehind = false;
    for (const { revision, data } of orders) {
      const order = orderIn(data);
      const isDone = this.ahead.has(revision);
      if (isDone ? isBehind : !this.mayTake(order, revision, isBehind)) {
        isBehind = true;
        continue;
      }
      if (order.kind === 'retry' && !isDone)
        for (const delivery of order.deliveries) await this.retry(log, webhook.id, delivery, now);
      else if (order.kind === 'replay') this.replays = [...this.replays, replayOf(order)];
      else if (order.kind === 'test' && !isDone) {
        this.tests.add(revision);
        test(order.id, () => this.tests.delete(revision));
      }
      if (isBehind) this.ahead.add(revision);
      else {
        this.ahead.delete(revision);
        this.taken = revision;
      }
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

  /** A replay is taken in its turn alone: one that was saved with an earlier order would be made twice. */
  private mayTake(order: Order, revision: number, isBehind: boolean): boolean {
    if (order.kind === 'test') return this.tests.size < MOST_TESTS;
    const isLate = isBehind || [...this.tests].some((one) => one < revision);
    return this.isRoomFor(order) && !(order.kind === 'replay' && isLate);
  }

  private isRoomFor(order: Exclude<Order, { readonly kind: 'test' }>): boolean {
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
