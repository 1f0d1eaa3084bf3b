import type { CloudEvent } from '../../feed/cloud-event.js';
import type { Feed } from '../../feed/feed.js';
import type { FeedEvent } from '../../feed/recent-events.js';
import { StoreUnavailable } from '../../event-store/event-store.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Projector } from '../../read/projector.js';
import type { SavedDeliveries } from './claim.js';
import type { EventSource, WantedEvent } from './event-source.js';
import { sentEvent, type SentEvent } from './message.js';
import type { EventPlace } from './unit.js';
import { filterOf } from './webhook-filter.js';

/** The events of a webhook's own account. A cursor is a revision. */
export class AccountSource implements EventSource {
  constructor(
    private readonly feed: Pick<Feed, 'page'>,
    private readonly projector: Pick<Projector, 'revisionOf'>,
    private readonly webhook: () => AccountWebhook,
  ) {}

  get head(): number {
    return this.projector.revisionOf(this.webhook().account);
  }

  startAfter(revision: number): Promise<string> {
    return Promise.resolve(String(revision));
  }

  async after(cursor: string, limit: number): Promise<{ events: readonly WantedEvent[]; next: string }> {
    const { account } = this.webhook();
    // A log that was restored from a backup may end before the cursor.
    const from = Math.min(Number(cursor), this.projector.revisionOf(account));
    const { events, next } = await this.page(account, from, this.projector.revisionOf(account), limit);
    return { events, next: String(next) };
  }

  async between(
    account: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<{ events: readonly WantedEvent[]; next: number }> {
    const head = Math.min(to, this.projector.revisionOf(account));
    const { events, next } = await this.page(account, from - 1, head, limit);
    return { events, next: next + 1 };
  }

  holds(_saved: Pick<SavedDeliveries, 'live'>): Promise<boolean> {
    return Promise.resolve(true);
  }

  concerns(account: string): boolean {
    return account === this.webhook().account;
  }

  revisionAt(cursor: string): number {
    return Number(cursor);
  }

  shown(cursor: string): Promise<string> {
    return Promise.resolve(cursor);
  }

  async read(places: readonly EventPlace[]): Promise<readonly SentEvent[]> {
    const events: SentEvent[] = [];
    for (const { account, revision } of places) {
      const page = await this.feed.page({ account, revision }, {}, revision - 1, 1);
      const [event] = page.events;
      if (!event) throw new StoreUnavailable(`Revision ${revision} of account ${account} is not there`);
      events.push(sentEvent(event));
    }
    return events;
  }

  private async page(account: string, after: number, head: number, limit: number) {
    const { webhook } = this.webhook();
    const page = await this.feed.page({ account, revision: head }, filterOf(webhook), after, limit);
    let before = after;
    const events: WantedEvent[] = [];
    for (const event of page.events) {
      if (!isAbout(event, webhook.id))
        events.push({ event, before: String(before), cursor: String(event.revision) });
      before = event.revision;
    }
    return { events, next: page.next };
  }
}

/** Whether an event is about a webhook. It is not sent that one. */
export function isAbout({ type, text }: FeedEvent, webhook: string): boolean {
  const isOfMail = type === 'MailRequested';
  if (!isOfMail && !type.startsWith('Webhook')) return false;
  const { data } = JSON.parse(text) as CloudEvent;
  const about: unknown = isOfMail ? Reflect.get(data, 'about') : data;
  return typeof about === 'object' && about !== null && Reflect.get(about, 'webhook_id') === webhook;
}
