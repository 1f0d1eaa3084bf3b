import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Config } from './config/config.js';
import type { EventStore } from './event-store/event-store.js';
import { refuseLostFile } from './application/lost-log.js';
import type { AttemptLog } from './event-store/attempt-log.js';
import { assertUsable } from './event-store/data-directory.js';
import { DirectoryLock } from './event-store/directory-lock.js';
import { EventStoreDbAttemptLog } from './event-store/eventstoredb.attempt-log.js';
import { EventStoreDbEventStore } from './event-store/eventstoredb.event-store.js';
import { EventStoreDbKeyUses } from './event-store/eventstoredb.key-uses.js';
import type { KeyUses } from './event-store/key-uses.js';
import { MemoryEventStore } from './event-store/memory.event-store.js';
import { PrefixedEventStore } from './event-store/prefixed.event-store.js';
import { SqliteAttemptLog } from './event-store/sqlite.attempt-log.js';
import { SqliteKeyUses } from './event-store/sqlite.key-uses.js';
import { SqliteEventStore } from './event-store/sqlite.event-store.js';

/** Opens the event store that the settings choose. */
export function openStore(config: Config): EventStore {
  const store = openWholeStore(config);
  return config.streamPrefix === '' ? store : new PrefixedEventStore(store, config.streamPrefix);
}

function openWholeStore({ eventStore, dataDirectory, isNewLog }: Config): EventStore {
  const own = [
    'lock.db',
    'views.db',
    'audit.db',
    'attempts.db',
    'subscribers.db',
    'key-uses.db',
    'snapshots',
    'outbox',
    'secret',
  ] as const;
  // All at once, so that whoever has restored them as somebody else hears of all at once.
  if (eventStore !== 'memory')
    assertUsable(dataDirectory, eventStore === 'sqlite' ? ['events.db', ...own] : own);
  // Not before: where nothing may be looked for, nothing is gone.
  if (eventStore === 'sqlite' && !isNewLog) refuseLostFile(dataDirectory);
  switch (eventStore) {
    case 'sqlite':
      return SqliteEventStore.open(dataDirectory, tellOfTrouble);
    case 'memory':
      return new MemoryEventStore();
    default: {
      const lock = DirectoryLock.acquire(dataDirectory);
      try {
        return EventStoreDbEventStore.open(eventStore, { onClose: () => lock.release() });
      } catch (error) {
        lock.release();
        throw error;
      }
    }
  }
}

/** Opens what keeps attempts beside a log; undefined when the settings want none kept. */
export function openAttemptLog(
  { eventStore, dataDirectory, streamPrefix, attemptsDays }: Config,
  log: EventStore,
): AttemptLog | undefined {
  if (attemptsDays === 0) return undefined;
  const path = eventStore === 'memory' ? ':memory:' : join(dataDirectory, 'attempts.db');
  const logId = () => log.logId();
  const tables = new SqliteAttemptLog(path, logId);
  if (eventStore === 'sqlite' || eventStore === 'memory') return tables;
  return new EventStoreDbAttemptLog(eventStore, streamPrefix, attemptsDays, tables, logId);
}

/** Opens what keeps the last uses of keys beside a log. */
export function openKeyUses({ eventStore, dataDirectory, streamPrefix }: Config): KeyUses {
  switch (eventStore) {
    case 'memory':
      return new SqliteKeyUses(':memory:');
    case 'sqlite':
      return new SqliteKeyUses(join(dataDirectory, 'key-uses.db'));
    default:
      return new EventStoreDbKeyUses(eventStore, streamPrefix);
  }
}

function tellOfTrouble(trouble: string | undefined): void {
  const logger = new Logger('EventStore');
  if (trouble === undefined) logger.log('The event log can be written again');
  else logger.error(trouble);
}
