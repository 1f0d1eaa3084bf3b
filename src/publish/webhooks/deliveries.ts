import { randomUUID } from 'node:crypto';
import { answered } from '../../application/unavailable.js';
import type { NamedMoment } from '../../audit/range.js';
import { Rejection } from '../../domain/rejection.js';
import type { ClientGap, Webhook } from '../../domain/webhook-record.js';
import type { DeliveryStatus, SubscriberLog } from '../../event-store/subscriber-log.js';
import type { Moment, Moments } from '../../read/moment.js';
import type { Page, PageRequest } from '../../read/page.js';
import { savedIn } from './claim.js';
import type { ClientGaps } from './client-gaps.js';
import { type Delivery, deliveryIn, isRepeatable, shown } from './delivery.js';
import type { Order } from './order.js';
import { isOwn } from './own-event.js';
import type { SenderState } from './webhook-progress.js';
import type { WebhookSender } from './webhook-sender.js';

/** The most deliveries of one order. */
const AT_ONCE = 500;
const unaccepted: readonly DeliveryStatus[] = ['failed', 'given_up', 'skipped'];

export interface DeliveriesParts {
  readonly log: SubscriberLog;
  readonly sender: Pick<WebhookSender, 'ordered'>;
  readonly moments: Pick<Moments, 'at' | 'timeOf'>;
  readonly gaps: Pick<ClientGaps, 'of'>;
}

/** What was sent to a webhook, and what is asked to be sent once more. */
export class Deliveries {
  constructor(private readonly parts: DeliveriesParts) {}

  /** Newest first. @throws Rejection unavailable */
  async page(
    webhook: string,
    status: DeliveryStatus | undefined,
    page: PageRequest,
  ): Promise<Page<Delivery>> {
    const statuses = status === undefined ? {} : { statuses: [status] };
    const found = await this.ask((log) => log.deliveries(webhook, { ...statuses, ...page }));
    return { rows: found.deliveries.map((one) => shown(deliveryIn(one))), total: found.total };
  }

  /** @throws Rejection delivery_not_found, unavailable */
  async retry(webhook: string, id: string): Promise<void> {
    const found = await this.ask((log) => log.delivery(webhook, id));
    if (!found || !isRepeatable(deliveryIn(found))) throw new Rejection('delivery_not_found');
    await this.order(webhook, { kind: 'retry', deliveries: [id] });
  }

  /**
   * Has everything made once more that was planned since a moment and has failed.
   * @returns how many deliveries
   * @throws Rejection unavailable
   */
  async retrySince(webhook: string, at: Moment, named: NamedMoment): Promise<number> {
    const { moments } = this.parts;
    const since = 'time' in named ? named.time : moments.timeOf(moments.at(at.account, named.revision));
    const found = await this.ask((log) => log.deliveryIds(webhook, { statuses: unaccepted, since }));
    const ids = found.filter((id) => !isOwn(id));
    for (let index = 0; index < ids.length; index += AT_ONCE)
      await this.order(webhook, { kind: 'retry', deliveries: ids.slice(index, index + AT_ONCE) });
    return ids.length;
  }

  /** @throws Rejection unavailable */
  replay(webhook: string, account: string, from: number, to: number): Promise<void> {
    return this.order(webhook, { kind: 'replay', id: randomUUID().slice(0, 8), account, from, to });
  }

  /** @throws Rejection unavailable */
  test(webhook: string): Promise<void> {
    return this.order(webhook, { kind: 'test', id: randomUUID() });
  }

  /** What {@link WebhookProgress} shows. @throws Rejection unavailable */
  async stateOf(webhook: string): Promise<SenderState | undefined> {
    const state = await this.ask((log) => log.state(webhook));
    if (!state) return undefined;
    const { position, lastErrors } = savedIn(state);
    return { watermark: position, lastErrors };
  }

  /**
   * What was not sent of the clients of a webhook's company; none where they are not included.
   * @throws Rejection unavailable
   */
  async clientsGapOf(company: string, webhook: Webhook): Promise<readonly ClientGap[]> {
    if (!webhook.include_clients) return [];
    return this.ask(async (log) => {
      const state = await log.state(webhook.id);
      return this.parts.gaps.of({ account: company, webhook, closed: false }, state && savedIn(state));
    });
  }

  private async order(webhook: string, order: Order): Promise<void> {
    await this.ask((log) => log.order(webhook, JSON.stringify(order)));
    this.parts.sender.ordered(webhook);
  }

  private ask<Result>(question: (log: SubscriberLog) => Promise<Result>): Promise<Result> {
    return answered(() => question(this.parts.log));
  }
}
