import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { StoreUnusable } from '../event-store/event-store.js';
import { type Database, openDatabase, pragma, prepare, type Statement } from '../event-store/sqlite.js';
import { explain, isEnvironmental } from '../event-store/sqlite-failure.js';

/** The `until` of a row that holds now. */
export const NOW = Number.MAX_SAFE_INTEGER;

const COMMIT_INTERVAL_MS = 100;
const COMMIT_AFTER_CHANGES = 5000;
/** Larger files are taken as sound, so that a start stays fast; what is damaged in them stops its account. */
const FULL_CHECK_BYTES = 256 * 1024 * 1024;

/**
 * The SQLite database of the views. Disposable: the log is the truth.
 * Rows are visible at once to this connection; the transaction around them is committed at intervals,
 * so a crash only means catching up a little.
 */
export class ViewsDatabase {
  private timer: NodeJS.Timeout | undefined;
  private uncommitted = 0;

  private constructor(readonly database: Database) {}

  /** Opens the file, or a fresh one when it is missing, damaged or was made by another version of the schema. */
  static open(path: string, schema: string): ViewsDatabase {
    const version = createHash('sha256').update(schema).digest().readInt32BE(0) || 1;
    return new ViewsDatabase(openCurrent(path, version) ?? create(path, schema, version));
  }

  prepare<Row>(sql: string): Statement<Row> {
    return prepare<Row>(this.database, sql);
  }

  /** Runs changes as one: after an error none of them has happened. */
  change(changes: () => void, count: number): void {
    if (!this.database.isTransaction) this.database.exec('BEGIN');
    this.timer ??= setTimeout(() => this.commit(), COMMIT_INTERVAL_MS).unref();
    this.database.exec('SAVEPOINT change');
    try {
      changes();
      this.database.exec('RELEASE change');
    } catch (error) {
      // SQLite gives up the whole transaction after some errors, a full disk for one.
      if (this.database.isTransaction) this.database.exec('ROLLBACK TO change; RELEASE change');
      else this.onLost(error);
      throw error;
    }
    this.uncommitted += count;
    if (this.uncommitted >= COMMIT_AFTER_CHANGES) this.commit();
  }

  /** Makes everything so far durable. */
  commit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.uncommitted = 0;
    if (!this.database.isTransaction) return;
    try {
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.isOpenTransaction()) this.database.exec('ROLLBACK');
      this.onLost(error);
    }
  }

  private isOpenTransaction(): boolean {
    return this.database.isTransaction;
  }

  /** Called when changes that were visible are gone again; set by the projector, which then catches up. */
  onLost: (reason: unknown) => void = () => undefined;

  /** Forgets everything. */
  clear(schema: string): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    const tables = this.prepare<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table'",
    ).all();
    this.database.exec(
      `BEGIN; ${tables.map(({ name }) => `DROP TABLE ${name};`).join('')} ${schema}; COMMIT`,
    );
  }

  close(): void {
    this.commit();
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.database.close();
  }
}

function openCurrent(path: string, version: number): Database | undefined {
  let database: Database | undefined;
  try {
    database = openDatabase(path);
    tune(database);
    if (pragma(database, 'user_version') === version && isSound(database, path)) return database;
    database.close();
  } catch (error) {
    database?.close();
    // A damaged file is no loss: it is made again from the log. One that is only out of reach stays.
    if (isEnvironmental(error)) throw unusable(path, error);
  }
  return undefined;
}

function isSound(database: Database, path: string): boolean {
  return statSync(path).size > FULL_CHECK_BYTES || pragma(database, 'quick_check(1)') === 'ok';
}

function create(path: string, schema: string, version: number): Database {
  try {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const database = openDatabase(path);
    tune(database);
    database.exec(`BEGIN; ${schema}; PRAGMA user_version = ${version}; COMMIT`);
    return database;
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): StoreUnusable {
  return new StoreUnusable(`The views ${path} cannot be opened: ${explain(error)}`);
}

function tune(database: Database): void {
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 10000',
  );
}
