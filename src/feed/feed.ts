import { readable } from '../application/unavailable.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { AuditMoment, AuditQuery } from '../audit/audit-query.js';
import { accountStream } from '../event-store/codec.js';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '../event-store/event-store.js';
import type { FeedFilter } from './feed-filter.js';
import { GrowingPage } from './growing-page.js';
import type { FeedEvent, RecentEvents } from './recent-events.js';

/** The most events that are looked at for one page. */
const MOST_LOOKED_AT = 10_000;
/** Over a longer gap between two events a stream is not read on: it is read anew behind it. */
const LONGEST_GAP = 500;

/** Some events of an account in order, and the last revision that was looked at. */
export interface FeedPage {
  readonly events: readonly FeedEvent[];
  readonly next: number;
}

/** The events of accounts as subscribers see them. Nothing is in it that the views do not show. */
export class Feed {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly audit: AuditLog,
    private readonly recent: RecentEvents,
  ) {}

  /**
   * The next events after a revision. There may be fewer than `limit`, or none, although there are more after `next`.
   * @throws Rejection unavailable, account_unreadable, bad_request; the signal's reason
   */
  async page(
    at: AuditMoment,
    { query, types }: FeedFilter,
    after: number,
    limit: number,
    signal?: AbortSignal,
    mostCharacters?: number,
  ): Promise<FeedPage> {
    if (after >= at.revision) return { events: [], next: after };
    const page = new GrowingPage(limit, mostCharacters);
    return readable(() =>
      query ? this.matching(at, query, after, page, signal) : this.named(at, types, after, page, signal),
    );
  }

  /** Events by their names alone. */
  private async named(
    { account, revision: head }: AuditMoment,
    types: FeedFilter['types'],
    after: number,
    page: GrowingPage,
    signal?: AbortSignal,
  ): Promise<FeedPage> {
    let next = after;
    const isOver = () => page.isFull || next >= head || next - after >= MOST_LOOKED_AT;
    for (let event = this.recent.at(account, next + 1); event; event = this.recent.at(account, next + 1)) {
      if (isOver()) break;
      next = event.revision;
      if (types?.has(event.type) !== false) page.add(event);
    }
    if (isOver()) return { events: page.events, next };
    for await (const recorded of this.store.readStream(accountStream(account), next)) {
      for (const one of recorded) {
        if (isOver()) return { events: page.events, next };
        next = one.revision;
        if (types?.has(one.type) !== false) page.add(this.recent.shown(one));
      }
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      if (isOver()) break;
    }
    return { events: page.events, next };
  }

  /** Events that the audit index knows to pass. */
  private async matching(
    at: AuditMoment,
    query: AuditQuery,
    after: number,
    page: GrowingPage,
    signal?: AbortSignal,
  ): Promise<FeedPage> {
    const { revisions, next } = await this.audit.matches(at, query, after, page.limit, signal);
    const rest = [...revisions];
    while (rest[0] !== undefined && !page.isFull) {
      const kept = this.recent.at(at.account, rest[0]);
      if (kept) page.add(kept);
      if (kept) rest.shift();
      else await this.read(at.account, rest, page);
      signal?.throwIfAborted();
    }
    const last = page.events.at(-1)?.revision ?? next;
    return { events: page.events, next: rest.length > 0 ? last : next };
  }

  /** Reads some of the revisions, and takes them from the list. */
  private async read(account: string, rest: number[], page: GrowingPage): Promise<void> {
    const [first = 0] = rest;
    for await (const recorded of this.store.readStream(accountStream(account), first - 1)) {
      for (const one of recorded) {
        if (one.revision !== rest[0]) continue;
        rest.shift();
        page.add(this.recent.shown(one));
        if (page.isFull) return;
      }
      await new Promise(setImmediate);
      const [next] = rest;
      if (next === undefined || next - lastOf(recorded) > LONGEST_GAP) return;
    }
    // The index knows of it, so that it was in the log.
    if (rest[0] === first) throw new StoreUnavailable(`Revision ${first} of account ${account} is not there`);
  }
}

function lastOf(page: readonly RecordedEvent[]): number {
  return page.at(-1)?.revision ?? 0;
}
