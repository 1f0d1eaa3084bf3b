import type { Feed } from '../../../feed/feed.js';
import type { FeedFilter } from '../../../feed/feed-filter.js';
import type { FeedEvent } from '../../../feed/recent-events.js';
import { Rejection } from '../../../domain/rejection.js';
import type { Moment } from '../../../read/moment.js';

/** A revision, or an opaque text. */
export type Cursor = number | string;

export interface SentEvent extends FeedEvent {
  /** Behind the event. */
  readonly cursor: Cursor;
}

/** How much is read at once at most: so many events, and no more once there are so many characters of them. */
export interface PieceSize {
  readonly limit: number;
  readonly characters?: number;
}

/** A walk through a feed. It stands behind the last event that was looked at. */
export interface Reading {
  readonly cursor: Cursor;
  /** Whether there was nothing more when it was looked at last. */
  readonly isAtHead: boolean;
  /** How long its reader may wait for news at most before it looks again, in milliseconds. */
  readonly patienceMs: number;
  /** Goes on to the next events, perhaps none. @throws Rejection, the signal's reason */
  next(size: PieceSize, signal: AbortSignal): Promise<readonly SentEvent[]>;
}

/** A walk through the events of one account. */
export class AccountReading implements Reading {
  readonly patienceMs = Infinity;
  isAtHead = false;

  /**
   * @param revision the last one that the reader has
   * @param now the account as the reader may see it at present; throws when that is over
   * @param hasStopped whether there are events behind those of now that this service cannot read
   */
  constructor(
    private readonly feed: Feed,
    private readonly filter: FeedFilter,
    private revision: number,
    private readonly now: () => Moment,
    private readonly hasStopped: () => boolean,
  ) {}

  get cursor(): number {
    return this.revision;
  }

  async next({ limit, characters }: PieceSize, signal: AbortSignal): Promise<readonly SentEvent[]> {
    const at = this.now();
    const { events, next } = await this.feed.page(at, this.filter, this.revision, limit, signal, characters);
    // Nobody is to take the last readable event for the last one that there is.
    if (next === this.revision && this.hasStopped()) throw new Rejection('account_unreadable');
    this.revision = next;
    this.isAtHead = next >= at.revision;
    return events.map((event) => ({ ...event, cursor: event.revision }));
  }
}
