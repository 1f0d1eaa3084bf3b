import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../../src/audit/audit-log.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { Families } from '../../src/feed/families.js';
import { FamilyFeed } from '../../src/feed/family-feed.js';
import type { FeedFilter } from '../../src/feed/feed-filter.js';
import { LOG_BEGIN, type LogPlace } from '../../src/feed/log-cursor.js';
import { LogPages } from '../../src/feed/log-pages.js';
import { RecentEvents } from '../../src/feed/recent-events.js';

const metadata = JSON.stringify({
  ...{ v: 1, metadata_v: 2, time: '2026-03-03T14:02:00.000Z', command_id: 'c', index: 0, count: 1 },
  ...{ actor: { kind: 'system', id: 'system', account: null, revision: null }, credential: null },
});

/** A log of several companies, and what views would know of it. */
export class Scene {
  readonly store = new MemoryEventStore();
  /** The company of each account that the views know, null for a company. */
  readonly parents = new Map<string, string | null>();
  readonly shown = new Map<string, number>();
  readonly stopped = new Set<string>();
  matches: AuditLog['matches'] = () => Promise.reject(new Error('The index was asked'));
  readonly feed: FamilyFeed;
  readonly families = new Families({ everParentOf: (account) => this.parents.get(account) });

  constructor() {
    this.feed = new FamilyFeed({
      pages: new LogPages(this.store),
      families: this.families,
      views: {
        revisionOf: (account) => this.shown.get(account) ?? -1,
        hasStopped: (account) => this.stopped.has(account),
      },
      audit: { matches: (...asked) => this.matches(...asked) },
      recent: new RecentEvents(() => ''),
    });
  }

  /** Makes accounts known: the company of each, null for a company. */
  know(parents: Readonly<Record<string, string | null>>): void {
    for (const [account, parent] of Object.entries(parents)) this.parents.set(account, parent);
  }

  /** Writes an event into each of these accounts, which the views show unless it is said otherwise. */
  async write(accounts: readonly string[], { isShown = true, type = 'GroupDeleted' } = {}): Promise<void> {
    for (const account of accounts) {
      let head = -1;
      for await (const page of this.store.readStream(`account-${account}`, -1)) head += page.length;
      const event = { id: randomUUID(), type, data: '{"group_id":"g"}', metadata };
      await this.store.append(`account-${account}`, head, [event]);
      if (isShown) this.shown.set(account, head + 1);
    }
  }

  async page(company: string, after: LogPlace = LOG_BEGIN, limit = 100, filter: FeedFilter = {}) {
    const page = await this.feed.page(company, filter, after, limit);
    return { ...page, ids: page.events.map(({ account, revision }) => `${account}/${revision}`) };
  }
}
