import { readable } from '../application/unavailable.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { AuditQuery } from '../audit/audit-query.js';
import { Rejection } from '../domain/rejection.js';
import { accountOf, accountStream } from '../event-store/codec.js';
import type { RecordedEvent } from '../event-store/event-store.js';
import type { Projector } from '../read/projector.js';
import type { Families } from './families.js';
import type { FeedFilter } from './feed-filter.js';
import { GrowingPage } from './growing-page.js';
import { type LogPlace, placeOf } from './log-cursor.js';
import type { LogPages } from './log-pages.js';
import type { FeedEvent, RecentEvents } from './recent-events.js';

/** The most events of the log that are looked at for one page, of all accounts; fewer where the index is asked about each. */
const MOST_LOOKED_AT = 10_000;
const MOST_ASKED_ABOUT = 2_000;
/** An answer of the index has at most so many revisions. */
const MOST_MATCHES = 1_000;

export interface FamilyEvent extends FeedEvent {
  /** The places just before it and behind it. */
  readonly before: LogPlace;
  readonly place: LogPlace;
  /** The last revision of the company's own account up to here, if one was looked at for the page. */
  readonly own: number | undefined;
}

/** Some events of a family in the order of the log, and the place up to which was looked. */
export interface FamilyPage {
  readonly events: readonly FamilyEvent[];
  readonly next: LogPlace;
  /** As of its events, up to `next`. */
  readonly own: number | undefined;
  /** Whether there is nothing more to see by now. */
  readonly isAtHead: boolean;
}

/** The parts of the feed of a company with all its clients. */
export interface FamilyParts {
  readonly pages: LogPages;
  readonly families: Families;
  readonly views: Pick<Projector, 'revisionOf' | 'hasStopped'>;
  readonly audit: Pick<AuditLog, 'matches'>;
  readonly recent: RecentEvents;
}

/**
 * The events of a company and of all the clients that it ever had, in the order of the log. Nothing is in it that the
 * views do not show: where they lack an event that may be of the family, it ends until they have it.
 */
export class FamilyFeed {
  constructor(private readonly parts: FamilyParts) {}

  /**
   * The next events behind a place. There may be fewer than `limit`, or none, although there are more behind `next`.
   * @throws Rejection unavailable, account_unreadable, bad_request; the signal's reason
   */
  page(
    company: string,
    filter: FeedFilter,
    after: LogPlace,
    limit: number,
    signal?: AbortSignal,
    mostCharacters?: number,
  ): Promise<FamilyPage> {
    const page = new GrowingPage<FamilyEvent>(limit, mostCharacters);
    return readable(() => this.read(company, filter, after, page, signal));
  }

  private async read(
    company: string,
    filter: FeedFilter,
    after: LogPlace,
    page: GrowingPage<FamilyEvent>,
    signal?: AbortSignal,
  ): Promise<FamilyPage> {
    const most = filter.query ? MOST_ASKED_ABOUT : MOST_LOOKED_AT;
    const ownStream = accountStream(company);
    let [next, own, looked]: [LogPlace, number | undefined, number] = [after, undefined, 0];
    const over = (isAtHead: boolean) => ({ events: page.events, next, own, isAtHead });
    for (;;) {
      const read = await this.parts.pages.after(next.position);
      if (read.length === 0) return over(true);
      const seen = this.seenOf(company, read.slice(0, most - looked));
      const passes = await this.passesOf(company, filter, seen, signal);
      for (const recorded of seen) {
        if (page.isFull) return over(false);
        const before = next;
        next = placeOf(recorded);
        if (recorded.stream === ownStream) own = recorded.revision;
        if (passes(recorded)) page.add({ ...this.shown(recorded), before, place: next, own });
      }
      looked += seen.length;
      if (looked >= most) return over(false);
      if (seen.length < read.length) {
        if (page.events.length === 0) this.requireReadable(read[seen.length]);
        return over(true);
      }
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
  }

  /** The events up to the first one that the views do not show yet, and that is not known to be of others. */
  private seenOf(company: string, read: readonly RecordedEvent[]): readonly RecordedEvent[] {
    const { views } = this.parts;
    const isOther = this.memoized((owner) => owner !== undefined && owner !== company);
    const end = read.findIndex(
      ({ stream, revision }) => !isOther(stream) && revision > views.revisionOf(accountOf(stream)),
    );
    return end < 0 ? read : read.slice(0, end);
  }

  /** What lets events of the family through that pass a filter. */
  private async passesOf(
    company: string,
    { types, query }: FeedFilter,
    seen: readonly RecordedEvent[],
    signal: AbortSignal | undefined,
  ): Promise<(recorded: RecordedEvent) => boolean> {
    const isOwn = this.memoized((owner) => owner === company);
    if (!query) return ({ type, stream }) => types?.has(type) !== false && isOwn(stream);
    const own = seen.filter(({ stream }) => isOwn(stream));
    const matches = await this.matches(query, own, signal);
    return ({ stream, revision }) => matches.has(`${stream}/${revision}`);
  }

  /** What is true of the company of a stream's account, found out once a stream. */
  private memoized(isTrue: (owner: string | undefined) => boolean): (stream: string) => boolean {
    const known = new Map<string, boolean>();
    return (stream) => {
      const found = known.get(stream) ?? isTrue(this.parts.families.companyOf(accountOf(stream)));
      known.set(stream, found);
      return found;
    };
  }

  /** The places in their streams of those that the audit index knows to pass. */
  private async matches(
    query: AuditQuery,
    events: readonly RecordedEvent[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlySet<string>> {
    const spans = new Map<string, { after: number; revision: number }>();
    for (const { stream, revision } of events)
      spans.set(stream, { after: spans.get(stream)?.after ?? revision - 1, revision });
    const found = new Set<string>();
    for (const [stream, { after: first, revision }] of spans)
      for (let after = first; after < revision;) {
        const at = { account: accountOf(stream), revision };
        const { revisions, next } = await this.parts.audit.matches(at, query, after, MOST_MATCHES, signal);
        for (const one of revisions) found.add(`${stream}/${one}`);
        after = next;
      }
    return found;
  }

  private shown(recorded: RecordedEvent): FeedEvent {
    const { recent } = this.parts;
    return recent.at(accountOf(recorded.stream), recorded.revision) ?? recent.shown(recorded);
  }

  /** Nobody is to wait for what this service cannot read, or to take the event before for the last one. */
  private requireReadable(next: RecordedEvent | undefined): void {
    if (next && this.parts.views.hasStopped(accountOf(next.stream)))
      throw new Rejection('account_unreadable');
  }
}
