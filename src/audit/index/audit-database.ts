import { rmSync, statSync } from 'node:fs';
import {
  type Database,
  openDatabase,
  pragma,
  prepare,
  type Statement,
  undo,
} from '../../event-store/sqlite.js';
import { isEnvironmental } from '../../event-store/sqlite-failure.js';

/** A place is `account number * PLACES + revision`. */
export const PLACES = 2 ** 32;

const schema = `
  CREATE TABLE log (id TEXT NOT NULL, code TEXT NOT NULL);
  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, event_id TEXT NOT NULL,
    latest INTEGER NOT NULL
  );
  CREATE TABLE entries (
    place INTEGER PRIMARY KEY, latest INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
    entry TEXT NOT NULL, owners TEXT
  );
  CREATE TABLE rests (place INTEGER NOT NULL, part INTEGER NOT NULL, rest TEXT NOT NULL, PRIMARY KEY (place, part));
  CREATE TABLE postings (
    account INTEGER NOT NULL, term TEXT NOT NULL, block INTEGER NOT NULL, bits BLOB NOT NULL,
    PRIMARY KEY (account, term, block)
  ) WITHOUT ROWID;
  CREATE TABLE columns (
    account INTEGER NOT NULL, name TEXT NOT NULL, block INTEGER NOT NULL, numbers BLOB NOT NULL,
    PRIMARY KEY (account, name, block)
  );
  CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE names (
    account INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, since INTEGER NOT NULL,
    time INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (account, type, id, since)
  ) WITHOUT ROWID`;

const COMMIT_INTERVAL_MS = 500;
/** Larger files are taken as sound, so that a start stays fast: what is damaged in them shows when it is read. */
const FULL_CHECK_BYTES = 64 * 1024 * 1024;

/**
 * The SQLite database of the audit index. Disposable: the log is the truth.
 * Rows are visible at once to this connection; a crash loses those of the last moments, which are indexed again.
 */
export class AuditDatabase {
  private timer: NodeJS.Timeout | undefined;

  private constructor(readonly database: Database) {}

  /**
   * Opens the file, or makes a fresh one when it is missing, damaged, of another log or written by other code.
   * @throws SQLite's or the system's error when the file cannot be read or written for now
   */
  static open(path: string, logId: string, code: string): AuditDatabase {
    return new AuditDatabase(openCurrent(path, logId, code) ?? create(path, logId, code));
  }

  /** Removes the file, so that it is made anew. */
  static remove(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  }

  /** Removes a file that is of no use if it can be: else it is tried to be opened as it is. */
  static discard(path: string): void {
    try {
      if (path !== ':memory:') AuditDatabase.remove(path);
    } catch {
      // The next try to open it tells.
    }
  }

  prepare<Row>(sql: string): Statement<Row> {
    return prepare<Row>(this.database, sql);
  }

  /** Goes before changes; they are durable soon, and at the latest with {@link commit}. */
  begin(): void {
    if (!this.database.isTransaction) this.database.exec('BEGIN');
    // A failure shows at the next change, which then finds no transaction that could be committed.
    this.timer ??= setTimeout(() => this.commitQuietly(), COMMIT_INTERVAL_MS).unref();
  }

  commit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.database.isTransaction) this.database.exec('COMMIT');
  }

  /** Called when changes could not be made durable. */
  onLost: (error: unknown) => void = () => undefined;

  /** @throws when what was changed last could not be made durable; it is closed all the same */
  close(): void {
    try {
      this.commit();
      this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      clearTimeout(this.timer);
      this.database.close();
    }
  }

  /** Closes it without what is not durable yet, after a failure. */
  abandon(): void {
    clearTimeout(this.timer);
    undo(this.database);
    this.database.close();
  }

  private commitQuietly(): void {
    try {
      this.commit();
    } catch (error) {
      this.onLost(error);
    }
  }
}

/** Whether an error is the database's, and not that of what was to be indexed or asked. */
export function isOfDatabase(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return 'errcode' in error || code === 'ERR_INVALID_STATE';
}

function openCurrent(path: string, logId: string, code: string): Database | undefined {
  if (path === ':memory:') return undefined;
  // SQLite calls an empty file locked when what belonged to it is still beside it.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  let database: Database | undefined;
  try {
    database = openDatabase(path);
    tune(database);
    const found = prepare<{ id: string; code: string }>(database, 'SELECT id, code FROM log').get();
    if (found?.id === logId && found.code === code && isSound(database, path)) return database;
    database.close();
  } catch (error) {
    database?.close();
    if (isEnvironmental(error)) throw error;
  }
  return undefined;
}

function isSound(database: Database, path: string): boolean {
  return statSync(path).size > FULL_CHECK_BYTES || pragma(database, 'quick_check(1)') === 'ok';
}

function create(path: string, logId: string, code: string): Database {
  if (path !== ':memory:') AuditDatabase.remove(path);
  const database = openDatabase(path);
  tune(database);
  database.exec(`BEGIN; ${schema}`);
  prepare<never>(database, 'INSERT INTO log (id, code) VALUES (?, ?)').run(logId, code);
  database.exec('COMMIT');
  return database;
}

function tune(database: Database): void {
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 10000; PRAGMA temp_store = MEMORY',
  );
}
