import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnusable } from './event-store.js';
import { type Database, openDatabase } from './sqlite.js';

/** Keeps every other process out of a data directory until released; the system releases it when the process dies. */
export class DirectoryLock {
  private constructor(private readonly database: Database) {}

  /** @throws StoreUnusable when another process holds the directory or it cannot be written */
  static acquire(directory: string): DirectoryLock {
    try {
      mkdirSync(directory, { recursive: true });
      const database = openDatabase(join(directory, 'lock.db'));
      try {
        database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      } catch (error) {
        database.close();
        throw error;
      }
      return new DirectoryLock(database);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason.includes('locked'))
        throw new StoreUnusable(
          `The data directory ${directory} is in use by another process; stop it first`,
        );
      throw new StoreUnusable(`The data directory ${directory} cannot be used: ${reason}`);
    }
  }

  release(): void {
    this.database.close();
  }
}
