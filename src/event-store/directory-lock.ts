import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertUsable, ownUser, PRIVATE_DIRECTORY } from './data-directory.js';
import { StoreUnusable } from './event-store.js';
import { type Database, openDatabase } from './sqlite.js';

/** Another process holds the data directory. */
export class DirectoryInUse extends StoreUnusable {}

/**
 * Keeps every other process out of a data directory until it is released. The system releases it
 * when the process dies.
 */
export class DirectoryLock {
  private constructor(private readonly database: Database) {}

  /**
   * @throws DirectoryInUse
   * @throws StoreUnusable when the directory or its lock cannot be written
   */
  static acquire(directory: string): DirectoryLock {
    try {
      mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      assertUsable(directory, ['lock.db']);
      const database = openDatabase(join(directory, 'lock.db'));
      try {
        database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      } catch (error) {
        database.close();
        throw error;
      }
      return new DirectoryLock(database);
    } catch (error) {
      if (error instanceof StoreUnusable) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason.includes('locked'))
        throw new DirectoryInUse(
          `The data directory ${directory} is in use by another process; stop it first`,
        );
      throw new StoreUnusable(
        `The data directory ${directory} cannot be used: ${reason}; choose one that ${ownUser()} may write, by MUSTER_DATA_DIR`,
      );
    }
  }

  release(): void {
    this.database.close();
  }
}
