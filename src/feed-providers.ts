import type { Provider } from '@nestjs/common';
import { PublicAddress } from './application/public-address.js';
import { AuditLog } from './audit/audit-log.js';
import type { EventStore } from './event-store/event-store.js';
import { Arrivals } from './feed/arrivals.js';
import { Families } from './feed/families.js';
import { FamilyFeed } from './feed/family-feed.js';
import { Feed } from './feed/feed.js';
import { LogCursors } from './feed/log-cursors.js';
import { LogPages } from './feed/log-pages.js';
import { RecentEvents } from './feed/recent-events.js';
import { Projector } from './read/projector.js';
import { Views } from './read/views.js';

/** The parts of the feed. */
export function feedProviders(store: EventStore): Provider[] {
  return [
    {
      provide: RecentEvents,
      inject: [PublicAddress],
      useFactory: (address: PublicAddress) => new RecentEvents(() => address.base ?? ''),
    },
    {
      provide: Families,
      inject: [Views],
      useFactory: ({ tree }: Views) => new Families(tree),
    },
    {
      provide: Arrivals,
      inject: [RecentEvents, Families, Projector],
      useFactory: (recent: RecentEvents, families: Families, projector: Projector) => {
        const arrivals = new Arrivals(recent, families);
        projector.listeners.push((account, records) => arrivals.take(account, records));
        return arrivals;
      },
    },
    {
      provide: Feed,
      inject: [AuditLog, RecentEvents],
      useFactory: (audit: AuditLog, recent: RecentEvents) => new Feed(store, audit, recent),
    },
    {
      provide: FamilyFeed,
      inject: [Families, Projector, AuditLog, RecentEvents],
      useFactory: (families: Families, views: Projector, audit: AuditLog, recent: RecentEvents) =>
        new FamilyFeed({ pages: new LogPages(store), families, views, audit, recent }),
    },
    {
      provide: LogCursors,
      inject: [Views, Families],
      useFactory: (views: Views, families: Families) => new LogCursors(store, views, families),
    },
  ];
}
