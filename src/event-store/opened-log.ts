import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EventStore, StoreUnusable } from './event-store.js';
import { EventStoreDbEventStore } from './eventstoredb.event-store.js';
import { givenLogId } from './eventstoredb-log-id.js';
import type { LogAddress } from './log-address.js';
import type { LogReader } from './log-reader.js';
import { PrefixedLogReader } from './prefixed-log-reader.js';
import { PrefixedEventStore } from './prefixed.event-store.js';
import { SqliteLogReader } from './sqlite-log-reader.js';
import { SqliteEventStore } from './sqlite.event-store.js';

/**
 * Opens a log.
 * @param prefix the beginning of its stream names
 * @param mustExist whether a missing log is refused; otherwise it is made
 * @throws StoreUnusable
 */
export function openLog(address: LogAddress, prefix: string, mustExist: boolean): EventStore {
  const store = open(address, mustExist);
  return prefix === '' ? store : new PrefixedEventStore(store, prefix);
}

/** Opens an existing log to read it. @throws StoreUnusable */
export function openLogReader(address: LogAddress, prefix: string): LogReader {
  const reader = openReader(address);
  return prefix === '' ? reader : new PrefixedLogReader(reader, prefix);
}

function openReader(address: LogAddress): LogReader {
  switch (address.type) {
    case 'sqlite':
      assertExists(address.directory);
      return SqliteLogReader.open(address.directory);
    case 'esdb': {
      const store = EventStoreDbEventStore.open(address.connectionString);
      return {
        logId: () => givenLogId(store),
        readStream: (stream, after) => store.readStream(stream, after),
        readAll: (streams, after) => store.readAll(streams, after),
        close: () => store.close(),
      };
    }
  }
}

function open(address: LogAddress, mustExist: boolean): EventStore {
  switch (address.type) {
    case 'sqlite':
      if (mustExist) assertExists(address.directory);
      return SqliteEventStore.open(address.directory);
    case 'esdb':
      return EventStoreDbEventStore.open(address.connectionString);
  }
}

function assertExists(directory: string): void {
  if (!existsSync(join(directory, 'events.db')))
    throw new StoreUnusable(`There is no event log in ${directory} (no file events.db)`);
}
