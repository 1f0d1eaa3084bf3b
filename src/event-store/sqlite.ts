import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { PRIVATE_FILE } from './data-directory.js';

export type Database = InstanceType<typeof DatabaseSync>;

export type Value = string | number | null | Uint8Array;

/** A prepared statement whose rows have the shape that its SQL selects. */
export interface Statement<Row> {
  get(...parameters: Value[]): Row | undefined;
  all(...parameters: Value[]): Row[];
  iterate(...parameters: Value[]): Iterable<Row>;
  run(...parameters: Value[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  /** The selected columns, in their order. */
  columns(): readonly { readonly name: string }[];
}

/**
 * Opens a database. Only the owner may read and write a file that this makes. The same holds for the files
 * that SQLite makes beside it.
 */
export function openDatabase(path: string, options: { readonly readOnly?: boolean } = {}): Database {
  if (path !== ':memory:' && !options.readOnly && !existsSync(path))
    closeSync(openSync(path, 'a', PRIVATE_FILE));
  return new DatabaseSync(path, options);
}

/** Prepares a statement. The caller states the shape of its rows, as the SQL selects them. */
export function prepare<Row>(database: Database, sql: string): Statement<Row> {
  return database.prepare(sql);
}

/** The value of a pragma. */
export function pragma(database: Database, name: string): unknown {
  return Object.values(prepare<object>(database, `PRAGMA ${name}`).get() ?? {})[0];
}

/** The row of a statement that always finds one. */
export function only<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('A row is missing');
  return row;
}

/** Makes changes in one transaction. After an error none of them has happened. */
export function atOnce<Result>(database: Database, changes: () => Result): Result {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = changes();
    database.exec('COMMIT');
    return result;
  } finally {
    undo(database);
  }
}

/** Undoes the transaction that is open, if one is: after some errors SQLite has undone it by itself. */
export function undo(database: Database): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}
