import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EventStore, StoreUnusable } from './event-store.js';
import { EventStoreDbEventStore } from './eventstoredb.event-store.js';
import { givenLogId } from './eventstoredb-log-id.js';
import type { LogReader } from './log-reader.js';
import { PrefixedLogReader } from './prefixed-log-reader.js';
import { PrefixedEventStore } from './prefixed.event-store.js';
import { isServerAddress } from './server-address.js';
import { SqliteLogReader } from './sqlite-log-reader.js';
import { SqliteEventStore } from './sqlite.event-store.js';

/** Where a log lies. */
export type LogAddress =
  | { readonly type: 'sqlite'; readonly directory: string }
  | { readonly type: 'esdb'; readonly connectionString: string };

/** The forms of a log's address. */
export const logAddressForms =
  'sqlite:<data directory>, esdb://… or esdb+discover://… (also kurrentdb, kurrent or kdb in place of esdb)';

/**
 * @returns undefined for a text in none of the {@link logAddressForms}
 */
export function parseLogAddress(text: string): LogAddress | undefined {
  const [, directory] = /^sqlite:(.+)$/s.exec(text) ?? [];
  if (directory !== undefined) return { type: 'sqlite', directory: resolve(directory) };
  return isServerAddress(text) ? { type: 'esdb', connectionString: text } : undefined;
}

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
