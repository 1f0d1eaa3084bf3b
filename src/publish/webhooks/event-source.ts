import type { SavedDeliveries } from './claim.js';
import type { FeedEvent } from '../../feed/recent-events.js';
import type { SentEvent } from './message.js';
import type { EventPlace } from './unit.js';

/** An event that a webhook wants. */
export interface WantedEvent {
  readonly event: FeedEvent;
  /** The cursor that stands just before it, and the one behind it. */
  readonly before: string;
  readonly cursor: string;
}

/** What a webhook is told of the log. */
export interface EventSource {
  /** The last revision of the webhook's account. */
  readonly head: number;
  /** The cursor just behind an event of the webhook's account. @throws StoreUnavailable */
  startAfter(revision: number): Promise<string>;
  /**
   * Events after a cursor, as far as there are any by now.
   * @param limit how many wanted ones at most
   * @returns `next` is where to go on; the cursor itself when there is nothing new
   * @throws StoreUnavailable, Rejection unavailable
   */
  after(
    cursor: string,
    limit: number,
  ): Promise<{ readonly events: readonly WantedEvent[]; readonly next: string }>;
  /**
   * Whether the log still is the one in which a state was saved, as far as cursors tell.
   * @throws StoreUnavailable
   */
  holds(saved: Pick<SavedDeliveries, 'live'>): Promise<boolean>;
  /** Whether what has come in an account may be wanted. */
  concerns(account: string): boolean;
  /** The wanted ones of an account from a revision to another, both included, at most so many. */
  between(
    account: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<{ readonly events: readonly WantedEvent[]; readonly next: number }>;
  /** The revision of the webhook's account up to which a cursor has come. */
  revisionAt(cursor: string): number;
  /** A cursor of its own as receivers get it, and as the feed takes it. @throws Rejection unavailable */
  shown(cursor: string): Promise<string>;
  /** The events at some places. @throws StoreUnavailable */
  read(places: readonly EventPlace[]): Promise<readonly SentEvent[]>;
}
