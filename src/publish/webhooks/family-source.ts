import { accountOf, accountStream, accountStreams } from '../../event-store/codec.js';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '../../event-store/event-store.js';
import type { Feed } from '../../feed/feed.js';
import type { FeedEvent } from '../../feed/recent-events.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Projector } from '../../read/projector.js';
import type { Tree } from '../../read/tree.js';
import { AccountSource, isAbout } from './account-source.js';
import type { WantedEvent } from './event-source.js';
import { filterOf } from './webhook-filter.js';

/** The most events of the log that are looked at at once. */
const MOST_LOOKED_AT = 2_000;

/** A place in the log, and the revision of the webhook's own account up to there. */
interface Place {
  readonly position: string;
  readonly own: number;
}

/** The events of a company and of all its clients, in the order of the log. A cursor is a place in the log. */
export class FamilySource extends AccountSource {
  private log = '';

  constructor(
    private readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'logId'>,
    private readonly tree: Pick<Tree, 'everParentOf'>,
    private readonly events: Pick<Feed, 'page'>,
    private readonly views: Pick<Projector, 'revisionOf'>,
    private readonly company: () => AccountWebhook,
  ) {
    super(events, views, company);
  }

  override async startAfter(revision: number): Promise<string> {
    const stream = accountStream(this.company().account);
    for await (const [event] of this.store.readStream(stream, revision - 1))
      if (event) return cursorOf({ position: event.position, own: revision });
    throw new StoreUnavailable(`Revision ${revision} of ${stream} is not there`);
  }

  override async after(
    cursor: string,
    limit: number,
  ): Promise<{ events: readonly WantedEvent[]; next: string }> {
    this.log = await this.store.logId();
    const events: WantedEvent[] = [];
    let [place, looked] = [placeIn(cursor), 0];
    for await (const page of this.store.readAll(accountStreams, place.position))
      for (const recorded of page) {
        const kinship = this.kinshipOf(recorded);
        const isOver = events.length >= limit || looked >= MOST_LOOKED_AT;
        if (isOver || kinship === 'unknown') return { events, next: cursorOf(place) };
        looked += 1;
        const before = cursorOf(place);
        const { revision, position } = recorded;
        place = { position, own: kinship === 'own' ? revision : place.own };
        const event = kinship === 'foreign' ? undefined : await this.wanted(recorded);
        if (event) events.push({ event, before, cursor: cursorOf(place) });
      }
    return { events, next: cursorOf(place) };
  }

  override revisionAt(cursor: string): number {
    return placeIn(cursor).own;
  }

  /** Opaque: the id of the log and the place in it. */
  override shown(cursor: string): string {
    return Buffer.from(JSON.stringify([this.log, placeIn(cursor).position])).toString('base64url');
  }

  /** `unknown`: the views do not show the event yet, so it is not for anybody to see. */
  private kinshipOf({ stream, revision }: RecordedEvent): 'own' | 'client' | 'foreign' | 'unknown' {
    const account = accountOf(stream);
    const { account: own } = this.company();
    const parent = this.tree.everParentOf(account);
    if (parent !== undefined && parent !== own && account !== own) return 'foreign';
    if (revision > this.views.revisionOf(account)) return 'unknown';
    return account === own ? 'own' : 'client';
  }

  private async wanted({ stream, revision }: RecordedEvent): Promise<FeedEvent | undefined> {
    const { webhook } = this.company();
    const at = { account: accountOf(stream), revision };
    const { events } = await this.events.page(at, filterOf(webhook), revision - 1, 1);
    const [event] = events;
    return event && !isAbout(event, webhook.id) ? event : undefined;
  }
}

function cursorOf({ position, own }: Place): string {
  return `${own} ${position}`;
}

function placeIn(cursor: string): Place {
  const space = cursor.indexOf(' ');
  return { own: Number(cursor.slice(0, space)), position: cursor.slice(space + 1) };
}
