import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LogDamaged, StoreUnusable } from './event-store.js';
import { type Database, openDatabase, pragma, prepare } from './sqlite.js';
import { explain, isEnvironmental } from './sqlite-failure.js';

/** The mark in the file's header: "MSTR". */
const APPLICATION_ID = 0x4d535452;
const FORMAT = 1;
/** The size above which only the end of a file is checked. So a start stays fast. */
const FULL_CHECK_BYTES = 256 * 1024 * 1024;

/**
 * The length of a whole SQLite file is a multiple of this. After a crash in the middle of a write, SQLite
 * mends the file from the write-ahead log.
 */
const SECTOR = 512;

const schema = `
  CREATE TABLE log (id TEXT NOT NULL);
  CREATE TABLE streams (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL);
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  );
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Opens the file of a log, or makes it.
 * @throws StoreUnusable when the file cannot be opened, is damaged, foreign or of a newer format; the file is
 * left as it was
 */
export function openLog(path: string): Database {
  let database: Database | undefined;
  try {
    if (existsSync(path)) checkFile(path);
    else create(path);
    database = openDatabase(path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000');
    return database;
  } catch (error) {
    database?.close();
    throw failureOf(path, error);
  }
}

/**
 * Opens the file of a log over a connection that can only read. It checks no more than the kind of the file.
 * @throws LogDamaged
 * @throws StoreUnusable when the file cannot be opened, is foreign or of a newer format
 */
export function openLogToRead(path: string): Database {
  let database: Database | undefined;
  try {
    checkSize(path);
    database = openDatabase(path, { readOnly: true });
    checkKind(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw failureOf(path, error);
  }
}

function failureOf(path: string, error: unknown): StoreUnusable {
  if (error instanceof StoreUnusable) return error;
  if (isEnvironmental(error))
    return new StoreUnusable(`The event log ${path} cannot be opened: ${explain(error)}`);
  return damaged(path, error instanceof Error ? error.message : String(error));
}

/**
 * Makes a log under another name and renames it when it is whole. So an empty or half-made log is never taken
 * for a new one.
 */
function create(path: string): void {
  if (sizeOfFile(`${path}-wal`) > 0) throw damaged(path, 'it is missing, its write-ahead log is there');
  const draft = `${path}.new`;
  for (const left of [draft, `${draft}-journal`]) rmSync(left, { force: true });
  const database = openDatabase(draft);
  database.exec(`BEGIN; ${schema} INSERT INTO log (id) VALUES ('${randomUUID()}'); COMMIT`);
  database.close();
  renameSync(draft, path);
  // Without this a loss of power can undo the renaming. Everything acknowledged since would be lost with it.
  syncDirectory(dirname(path));
}

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** Checks the file over a connection that can only read. Any other connection would write to it. */
function checkFile(path: string): void {
  checkSize(path);
  const database = openDatabase(path, { readOnly: true });
  try {
    check(database, path);
  } finally {
    database.close();
  }
}

function checkSize(path: string): void {
  const bytes = sizeOfFile(path);
  const isTorn = bytes % SECTOR > 0 && sizeOfFile(`${path}-wal`) === 0;
  if (bytes < SECTOR || isTorn) throw damaged(path, 'it is cut off');
}

function sizeOfFile(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function checkKind(database: Database, path: string): void {
  if (pragma(database, 'application_id') !== APPLICATION_ID)
    throw new StoreUnusable(`${path} is not an event log of Muster; choose another MUSTER_DATA_DIR`);
  if (pragma(database, 'user_version') !== FORMAT)
    throw new StoreUnusable(
      `The event log ${path} has a format this version of Muster cannot read; update Muster`,
    );
  if (!prepare(database, 'SELECT id FROM log').get()) throw damaged(path, 'it has no id');
}

function check(database: Database, path: string): void {
  checkKind(database, path);
  prepare(database, 'SELECT * FROM events ORDER BY position DESC LIMIT 1').get();
  if (sizeOfFile(path) > FULL_CHECK_BYTES) return;
  const finding = pragma(database, 'quick_check(1)');
  if (finding !== 'ok') throw damaged(path, String(finding));
  const gap = prepare<{ name: string }>(
    database,
    `SELECT name FROM streams WHERE head + 1 <> (SELECT count(*) FROM events WHERE stream = number) LIMIT 1`,
  ).get();
  if (gap) throw damaged(path, `stream ${gap.name} has a gap`);
}

function damaged(path: string, reason: string): LogDamaged {
  return new LogDamaged(`The event log ${path} is damaged (${reason}); restore it from a backup`);
}
