import { existsSync } from 'node:fs';
import { StoreUnusable } from '../event-store/event-store.js';
import { type Database, openDatabase, pragma, prepare, type Statement } from '../event-store/sqlite.js';
import { explain, isEnvironmental } from '../event-store/sqlite-failure.js';
import type { Checkpoint } from './checkpoints.js';
import { differencesOf, type ViewsDifference } from './views-difference.js';

/** The last event of an account that the views have seen. */
type SeenUpTo = Pick<Checkpoint, 'revision' | 'event_id'>;

/**
 * The file of the views is damaged. That is no loss: the service builds the views anew when the file is gone.
 */
export class ViewsDamaged extends Error {}

/**
 * The views in a file at one moment, and beside them views that were built anew. This changes neither, and
 * does not disturb a process that writes to the file meanwhile.
 */
export class HeldViews {
  private readonly checkpoint: Statement<SeenUpTo>;

  private constructor(private readonly database: Database) {
    this.checkpoint = prepare(database, 'SELECT revision, event_id FROM main.checkpoints WHERE account = ?');
  }

  /**
   * @param rebuilt path of views that this version has made
   * @param logId of the log that the views should be made from
   * @returns why there is nothing to compare, if there is nothing
   * @throws ViewsDamaged
   * @throws StoreUnusable when the file cannot be read
   */
  static open(path: string, rebuilt: string, logId: string | undefined): HeldViews | string {
    const anew = 'they are built anew at the next start';
    if (!existsSync(path)) return `There are no views (no file ${path}): ${anew}`;
    let database: Database | undefined;
    try {
      database = openDatabase(path, { readOnly: true });
      const why = begin(database, rebuilt, logId);
      if (why === undefined) return new HeldViews(database);
      database.close();
      return `The views ${path} were made ${why}: ${anew}`;
    } catch (error) {
      database?.close();
      throw failureOf(path, error);
    }
  }

  checkpointOf(account: string): SeenUpTo | undefined {
    return this.checkpoint.get(account);
  }

  /** How far the views have come in each account. */
  checkpoints(): Iterable<Checkpoint & { readonly account: string }> {
    return prepare<Checkpoint & { account: string }>(
      this.database,
      'SELECT * FROM main.checkpoints',
    ).iterate();
  }

  /** The rows that only one side has, held or built anew. */
  differences(): Iterable<ViewsDifference> {
    return differencesOf(this.database);
  }

  close(): void {
    this.database.close();
  }
}

/** Begins to read. @returns how the views were made, if not by this version or not from this log */
function begin(database: Database, rebuilt: string, logId: string | undefined): string | undefined {
  prepare<never>(database, 'ATTACH ? AS rebuilt').run(rebuilt);
  if (pragma(database, 'main.user_version') !== pragma(database, 'rebuilt.user_version'))
    return 'by another version of Muster';
  const finding = pragma(database, 'main.integrity_check(1)');
  if (finding !== 'ok') throw new ViewsDamaged(String(finding).replaceAll('\n', ' '));
  database.exec('BEGIN');
  const log = prepare<{ id: string }>(database, 'SELECT id FROM main.log').get();
  return log?.id === logId ? undefined : 'from another log';
}

function failureOf(path: string, error: unknown): Error {
  if (isEnvironmental(error)) return new StoreUnusable(`The views ${path} cannot be read: ${explain(error)}`);
  return new ViewsDamaged(`${path} is damaged: ${error instanceof Error ? error.message : String(error)}`);
}
