import type { SubscriberLog } from '../../event-store/subscriber-log.js';

/** The subscriber that nobody is: its orders tell whose orders are to be looked for. */
const BELL = 'senders';

/** Tells the other instances that there are orders for a webhook, so that none has to look for all orders all the time. */
export class OrderBell {
  private heard = -1;

  constructor(private readonly log: Pick<SubscriberLog, 'order' | 'orders'>) {}

  /** @throws StoreUnavailable, StoreUnusable */
  ring(webhook: string): Promise<void> {
    return this.log.order(BELL, JSON.stringify({ webhook }));
  }

  /** @returns the webhooks that there may be orders for, since it was asked the last time @throws StoreUnavailable */
  async listen(): Promise<readonly string[]> {
    const webhooks: string[] = [];
    for (;;) {
      const rings = await this.log.orders(BELL, this.heard, this.heard);
      webhooks.push(...rings.map(({ data }) => (JSON.parse(data) as { readonly webhook: string }).webhook));
      const last = rings.at(-1);
      if (!last) return webhooks;
      this.heard = last.revision;
    }
  }
}
