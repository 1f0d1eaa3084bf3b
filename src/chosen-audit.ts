import { join } from 'node:path';
import type { AuditDoor } from './audit/audit-door.js';
import { codeVersion } from './audit/code-version.js';
import { entryOf } from './audit/entry/entry-of.js';
import { AuditIndex } from './audit/index/audit-index.js';
import { InlineAudit } from './audit/inline-audit.js';
import type { LastUses } from './audit/last-uses.js';
import { type FindUses, Past } from './audit/past/past.js';
import { AuditThread } from './audit/thread/audit-thread.js';
import { EventPages } from './audit/thread/event-pages.js';
import type { Config } from './config/config.js';
import type { EventStore } from './event-store/event-store.js';
import type { Projector } from './read/projector.js';
import type { ViewsDatabase } from './read/views-database.js';

/** The audit index: on a thread of its own, or with a log in memory in memory as well. */
export function auditFor(
  { eventStore, dataDirectory, accountsMemory }: Config,
  store: EventStore,
  projector: Projector,
  views: ViewsDatabase,
  uses: LastUses,
): AuditDoor {
  const lastUses: FindUses = (account, keyIds) => uses.of(account, keyIds);
  const pages = new EventPages(store);
  const logId = () => store.logId();
  const events = (account: string, after: number) => pages.after(account, after);
  if (eventStore === 'memory') {
    const isBusy = () => Promise.resolve(false);
    const source = { logId, events, isBusy, snapshot: () => Promise.resolve(undefined) };
    const index = new AuditIndex({ path: ':memory:', code: codeVersion(), entryOf }, source);
    return new InlineAudit(index, new Past({ open: () => views, close: () => undefined }, index, lastUses));
  }
  const thread = new AuditThread({
    ...{ path: join(dataDirectory, 'audit.db'), snapshots: join(dataDirectory, 'snapshots') },
    ...{ views: join(dataDirectory, 'views.db'), accountsMemory },
    ...{ source: { logId, events }, lastUses, heads: () => projector.heads },
  });
  projector.listeners.push((account, records) => thread.moved(account, records.at(-1)?.revision ?? 0));
  return thread;
}
