import { existsSync, renameSync } from 'node:fs';
import { type Database, openDatabase, pragma } from './sqlite.js';
import { isEnvironmental } from './sqlite-failure.js';

/** What a file beside the log is made of. */
export interface SideFileForm {
  /** A file of another format is not used. */
  readonly format: number;
  /** SQL that makes the tables. */
  readonly schema: string;
}

/**
 * Opens an SQLite file that stands beside the log. A file that is damaged or of another format is moved aside,
 * and a new one begun.
 * @param path of the file, or `:memory:`
 * @throws Error of SQLite or the system
 */
export function openSideFile(path: string, form: SideFileForm): Database {
  try {
    return opened(path, form);
  } catch (error) {
    if (path === ':memory:' || isEnvironmental(error) || !existsSync(path)) throw error;
    for (const companion of ['', '-wal', '-shm'])
      if (existsSync(path + companion)) renameSync(path + companion, `${path}.damaged${companion}`);
    return opened(path, form);
  }
}

function opened(path: string, { format, schema }: SideFileForm): Database {
  const database = openDatabase(path);
  try {
    // What stands in such a file is written once a second or so. A loss of power with this setting takes
    // little more.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    if (pragma(database, 'user_version') === 0)
      database.exec(`BEGIN IMMEDIATE; ${schema}; PRAGMA user_version = ${format}; COMMIT`);
    if (pragma(database, 'user_version') !== format) throw new Error(`${path} is of another format`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
