import type { FamilyFeed } from '../../../feed/family-feed.js';
import type { FeedFilter } from '../../../feed/feed-filter.js';
import type { LogPlace } from '../../../feed/log-cursor.js';
import type { PieceSize, Reading, SentEvent } from './reading.js';

/**
 * So long a reader waits at most before it looks again, in milliseconds. Another instance may have written what the views
 * show already and the log does not bring yet, or the other way round.
 */
const PATIENCE_MS = 1_000;

/** What is read: by whom the events are, which of them, and how places in the log are written. */
export interface FamilyQuestion {
  readonly company: string;
  readonly filter: FeedFilter;
  readonly write: (place: LogPlace) => string;
}

/** A walk through the events of a company and of all its clients, in the order of the log. */
export class FamilyReading implements Reading {
  readonly patienceMs = PATIENCE_MS;
  isAtHead = false;

  /**
   * @param place behind the last event that the reader has
   * @param judge throws when the reader may not read on
   */
  constructor(
    private readonly feed: Pick<FamilyFeed, 'page'>,
    private readonly question: FamilyQuestion,
    private place: LogPlace,
    private readonly judge: () => void,
  ) {}

  get cursor(): string {
    return this.question.write(this.place);
  }

  async next({ limit, characters }: PieceSize, signal: AbortSignal): Promise<readonly SentEvent[]> {
    this.judge();
    const { company, filter, write } = this.question;
    const page = await this.feed.page(company, filter, this.place, limit, signal, characters);
    this.place = page.next;
    this.isAtHead = page.isAtHead;
    return page.events.map(({ account, revision, type, text, place }) => ({
      ...{ account, revision, type, text },
      get cursor() {
        return write(place);
      },
    }));
  }
}
