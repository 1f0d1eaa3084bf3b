import type { Provider } from '@nestjs/common';
import { PublicAddress } from './application/public-address.js';
import { AuditLog } from './audit/audit-log.js';
import type { EventStore } from './event-store/event-store.js';
import { Arrivals } from './feed/arrivals.js';
import { Feed } from './feed/feed.js';
import { RecentEvents } from './feed/recent-events.js';
import { Projector } from './read/projector.js';

/** The parts of the feed. */
export function feedProviders(store: EventStore): Provider[] {
  return [
    {
      provide: RecentEvents,
      inject: [PublicAddress],
      useFactory: (address: PublicAddress) => new RecentEvents(() => address.base ?? ''),
    },
    {
      provide: Arrivals,
      inject: [RecentEvents, Projector],
      useFactory: (recent: RecentEvents, projector: Projector) => {
        const arrivals = new Arrivals(recent);
        projector.listeners.push((account, records) => arrivals.take(account, records));
        return arrivals;
      },
    },
    {
      provide: Feed,
      inject: [AuditLog, RecentEvents],
      useFactory: (audit: AuditLog, recent: RecentEvents) => new Feed(store, audit, recent),
    },
  ];
}
