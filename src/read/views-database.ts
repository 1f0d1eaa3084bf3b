import { rmSync, statSync } from 'node:fs';
import { StoreUnusable } from '../event-store/event-store.js';
import { type Database, openDatabase, pragma, prepare, type Statement, undo } from '../event-store/sqlite.js';
import { findRoom, freeBytes, ROOM_BYTES } from '../event-store/room.js';
import { explain, isEnvironmental } from '../event-store/sqlite-failure.js';

/** The `until` of a row that holds now. */
export const NOW = Number.MAX_SAFE_INTEGER;

const COMMIT_INTERVAL_MS = 100;
const COMMIT_AFTER_CHANGES = 5000;
/** The pause between two attempts to commit while the disk is full. */
const FULL_INTERVAL_MS = 1_000;
/** What an event takes of the disk at most, about. */
const EVENT_BYTES = 16 * 1024;
/** Larger files are taken as sound, for a fast start. Damage in them stops the account concerned. */
const FULL_CHECK_BYTES = 256 * 1024 * 1024;

/** The views could not be written: visible changes that were not durable are gone. It says what to do. */
export class ViewsLost extends Error {}

/** What became of changes: on disk, visible but not on disk for want of room, or gone. */
export type Durability = 'durable' | 'waiting' | 'lost';

/**
 * The SQLite database of the views. It is disposable: the log is the truth. This connection sees rows at
 * once. Their transaction is committed at intervals. So a crash only means catching up a little.
 * SQLite takes back what it cannot commit. So nothing is committed on a full disk: rows stay visible meanwhile.
 */
export class ViewsDatabase {
  private timer: NodeJS.Timeout | undefined;
  private uncommitted = 0;
  private gone = 0;
  private changed = 0;
  private undone = 0;
  private isBegun = false;

  private constructor(
    readonly database: Database,
    private readonly path: string,
  ) {}

  /**
   * Opens the file. It makes a fresh one when the file is missing, damaged or made by another version.
   * @param version neither 0 nor beyond 32 bits
   */
  static open(path: string, schema: string, version: number): ViewsDatabase {
    return new ViewsDatabase(openCurrent(path, version) ?? create(path, schema, version), path);
  }

  prepare<Row>(sql: string): Statement<Row> {
    return prepare<Row>(this.database, sql);
  }

  /**
   * A number that changes whenever visible rows may be gone. Values in memory that were made with those rows
   * stay true as long as it stays the same.
   */
  get losses(): number {
    return this.gone;
  }

  /** A number that changes whenever rows may have changed. What was read stays true as long as it stays the same. */
  get changes(): number {
    return this.changed + this.gone;
  }

  /** A number that changes whenever changes that were made for good are gone all the same. */
  get rollbacks(): number {
    return this.undone;
  }

  /** Runs changes as one. After an error none of them has happened. @throws ViewsLost */
  change(changes: () => void, count: number): void {
    if (!this.isInTransaction) this.begin();
    this.timer ??= setTimeout(() => this.commit(), COMMIT_INTERVAL_MS).unref();
    this.database.exec('SAVEPOINT change');
    this.changed += 1;
    try {
      changes();
      this.changed += 1;
      this.database.exec('RELEASE change');
    } catch (error) {
      this.gone += 1;
      // After some errors, such as a full disk, SQLite rolls back the whole transaction.
      if (isEnvironmental(error) || !this.isInTransaction) throw this.lose(error);
      this.database.exec('ROLLBACK TO change; RELEASE change');
      throw error;
    }
    this.uncommitted += count;
    if (this.uncommitted >= COMMIT_AFTER_CHANGES) this.commit();
  }

  /** Makes everything so far durable, if the disk has room for it; otherwise tries again later. */
  commit(): Durability {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isInTransaction) return 'durable';
    if (freeBytes(this.path) < ROOM_BYTES + this.uncommitted * EVENT_BYTES) {
      this.timer = setTimeout(() => this.commit(), FULL_INTERVAL_MS).unref();
      return 'waiting';
    }
    try {
      this.database.exec('COMMIT');
      this.isBegun = false;
      this.uncommitted = 0;
      return 'durable';
    } catch (error) {
      this.lose(error);
      return 'lost';
    }
  }

  /** Whether the disk has room for a while of work. Without room, work done again would be lost again. */
  get hasRoom(): boolean {
    if (this.path === ':memory:') return true;
    try {
      findRoom(this.path);
      return true;
    } catch {
      return false;
    }
  }

  private begin(): void {
    // SQLite may have rolled back the transaction before without saying so here.
    this.gone += 1;
    if (this.isBegun) this.undone += 1;
    this.uncommitted = 0;
    this.database.exec('BEGIN');
    this.isBegun = true;
  }

  private get isInTransaction(): boolean {
    return this.database.isTransaction;
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.uncommitted = 0;
  }

  private undoAll(): void {
    this.settle();
    undo(this.database);
    this.gone += 1;
    this.undone += 1;
    this.isBegun = false;
  }

  private lose(error: unknown): ViewsLost {
    this.undoAll();
    const loss = this.lossOf(error);
    this.onLost(loss);
    return loss;
  }

  private lossOf(error: unknown): ViewsLost {
    return new ViewsLost(`The views ${this.path} cannot be written: ${explain(error)}`, { cause: error });
  }

  /** Is called when visible changes are gone again. The projector sets it, and then catches up. */
  onLost: (loss: ViewsLost) => void = () => undefined;

  /** Forgets everything. @throws ViewsLost */
  clear(schema: string): void {
    this.undoAll();
    const tables = this.prepare<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table'",
    ).all();
    try {
      this.database.exec(
        `BEGIN; ${tables.map(({ name }) => `DROP TABLE ${name};`).join('')} ${schema}; COMMIT`,
      );
    } catch (error) {
      undo(this.database);
      throw this.lossOf(error);
    }
  }

  close(): void {
    this.commit();
    this.settle();
    try {
      this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The views are whole all the same. Rows that are not in the file are in the write-ahead log beside it.
    }
    this.database.close();
  }
}

function openCurrent(path: string, version: number): Database | undefined {
  // SQLite reports an empty file as locked while its old companion files are still beside it.
  if (statSync(path, { throwIfNoEntry: false })?.size === 0) return undefined;
  let database: Database | undefined;
  try {
    database = openDatabase(path);
    tune(database);
    if (pragma(database, 'user_version') === version && isSound(database, path)) return database;
    database.close();
  } catch (error) {
    database?.close();
    // A damaged file is no loss: it is made again from the log. A file that is only out of reach stays.
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
  // Memory also holds what undoes a failed change. In a file that would take as long as the change.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 10000; PRAGMA temp_store = MEMORY',
  );
}
