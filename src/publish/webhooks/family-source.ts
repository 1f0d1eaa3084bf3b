import { accountStream } from '../../event-store/codec.js';
import { type EventStore, StoreUnavailable } from '../../event-store/event-store.js';
import type { FamilyFeed } from '../../feed/family-feed.js';
import type { Feed } from '../../feed/feed.js';
import { type LogPlace, placeOf } from '../../feed/log-cursor.js';
import type { LogCursors } from '../../feed/log-cursors.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Projector } from '../../read/projector.js';
import { AccountSource, isAbout } from './account-source.js';
import type { SavedDeliveries } from './claim.js';
import type { WantedEvent } from './event-source.js';
import type { EventPlace } from './unit.js';
import { filterOf } from './webhook-filter.js';

/** A place in the log, and the revision of the webhook's own account up to there. */
export interface OwnPlace extends LogPlace {
  readonly own: number;
}

/** What tells of a company with all its clients. */
export interface FamilyParts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly family: Pick<FamilyFeed, 'page'>;
  readonly cursors: Pick<LogCursors, 'holds' | 'writer'>;
}

/** The events of a company and of all its clients, in the order of the log. A cursor is a place in the log. */
export class FamilySource extends AccountSource {
  constructor(
    private readonly parts: FamilyParts,
    feed: Pick<Feed, 'page'>,
    projector: Pick<Projector, 'revisionOf'>,
    private readonly company: () => AccountWebhook,
  ) {
    super(feed, projector, company);
  }

  override async startAfter(revision: number): Promise<string> {
    const stream = accountStream(this.company().account);
    for await (const [event] of this.parts.store.readStream(stream, revision - 1))
      if (event) return textOf({ ...placeOf(event), own: revision });
    throw new StoreUnavailable(`Revision ${revision} of ${stream} is not there`);
  }

  override async after(
    cursor: string,
    limit: number,
  ): Promise<{ events: readonly WantedEvent[]; next: string }> {
    const { account, webhook } = this.company();
    const from = placeIn(cursor);
    const page = await this.parts.family.page(account, filterOf(webhook), from, limit);
    const events = page.events
      .filter((event) => !isAbout(event, webhook.id) && !isInGap(event, this.company()))
      .map(({ before, place, own = from.own, ...event }) => {
        const ownBefore = event.account === account ? event.revision - 1 : own;
        return { event, before: textOf({ ...before, own: ownBefore }), cursor: textOf({ ...place, own }) };
      });
    return { events, next: textOf({ ...page.next, own: page.own ?? from.own }) };
  }

  /** A log that was restored or copied has other places. */
  override holds({ live }: Pick<SavedDeliveries, 'live'>): Promise<boolean> {
    return this.parts.cursors.holds(placeIn(live.scanned));
  }

  /** What has come in another company may be what the views lacked when they were asked the last time. */
  override concerns(): boolean {
    return true;
  }

  override revisionAt(cursor: string): number {
    return placeIn(cursor).own;
  }

  /** As the feed takes it. */
  override async shown(cursor: string): Promise<string> {
    const write = await this.parts.cursors.writer();
    return write(placeIn(cursor));
  }
}

/** Whether an event happened while the webhook was disabled: what was not sent then is told by its gap. */
function isInGap({ account, revision }: EventPlace, { account: own, webhook }: AccountWebhook): boolean {
  const { since, disabled_gap } = webhook;
  if (account === own) return revision <= since;
  return revision <= (disabled_gap?.clients.find(({ client_id }) => client_id === account)?.to ?? -1);
}

function textOf({ own, position, mark }: OwnPlace): string {
  return `${own} ${position} ${mark}`;
}

/** The place that a cursor stands at. */
export function placeIn(cursor: string): OwnPlace {
  const [own, position = '', mark = ''] = cursor.split(' ');
  return { own: Number(own), position, mark };
}
