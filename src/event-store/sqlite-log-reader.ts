import { join } from 'node:path';
import { DirectoryLock } from './directory-lock.js';
import { LogDamaged, type Position, type RecordedEvent, StoreUnusable } from './event-store.js';
import type { LogDamage, LogReader } from './log-reader.js';
import { type Database, prepare } from './sqlite.js';
import { explain, isEnvironmental } from './sqlite-failure.js';
import { openLogToRead } from './sqlite-log.js';
import { SqliteReads } from './sqlite-reads.js';

/** The most findings of SQLite itself that are reported. */
const MOST_FINDINGS = 20;

type Pages = AsyncIterable<readonly RecordedEvent[]>;

/**
 * Reads a log in an SQLite file without changing it, however damaged it is. No other process
 * uses the directory meanwhile.
 */
export class SqliteLogReader implements LogReader {
  private readonly reads: SqliteReads;

  private constructor(
    private readonly database: Database,
    private readonly lock: DirectoryLock,
  ) {
    this.reads = new SqliteReads(database);
  }

  /**
   * @throws DirectoryInUse
   * @throws LogDamaged when the file is not a database any more
   * @throws StoreUnusable when it cannot be opened
   */
  static open(directory: string): SqliteLogReader {
    const lock = DirectoryLock.acquire(directory);
    try {
      return new SqliteLogReader(openLogToRead(join(directory, 'events.db')), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  logId(): Promise<string> {
    return Promise.resolve(this.reads.logId);
  }

  /** @throws LogDamaged at a damaged page of the file */
  readStream(stream: string, after: number): Pages {
    return readable(this.reads.readStream(stream, after));
  }

  /** @throws LogDamaged at a damaged page of the file */
  readAll(prefix: string, after?: Position): Pages {
    return readable(this.reads.readAll(prefix, after));
  }

  *damages(prefix: string): Iterable<LogDamage> {
    try {
      yield* this.findings();
      yield* this.wrongHeads(prefix);
    } catch (error) {
      if (isEnvironmental(error)) throw damageOf(error);
      yield { what: `events.db is damaged: ${explain(error)}` };
    }
  }

  close(): Promise<void> {
    this.database.close();
    this.lock.release();
    return Promise.resolve();
  }

  private *findings(): Iterable<LogDamage> {
    const check = `PRAGMA integrity_check(${MOST_FINDINGS})`;
    for (const { integrity_check: finding } of prepare<{ integrity_check: string }>(
      this.database,
      check,
    ).iterate())
      if (finding !== 'ok') yield { what: `events.db is damaged: ${finding.replaceAll('\n', ' ')}` };
    const lost = prepare<{ events: number }>(
      this.database,
      'SELECT count(*) AS events FROM events WHERE stream NOT IN (SELECT number FROM streams)',
    ).get();
    if (lost && lost.events > 0) yield { what: `${lost.events} events are in no stream any more` };
  }

  /**
   * Finds streams whose last event is not the one noted as their last. A missing last event leaves no gap, so
   * only this shows it.
   */
  private *wrongHeads(prefix: string): Iterable<LogDamage> {
    const rows = prepare<{ stream: string; head: number; last: number }>(
      this.database,
      `SELECT name AS stream, head, last FROM (SELECT name, head,
         coalesce((SELECT max(revision) FROM events WHERE events.stream = number), -1) AS last FROM streams)
       WHERE head <> last AND substr(name, 1, length(?)) = ?`,
    );
    for (const { stream, head, last } of rows.iterate(prefix, prefix))
      yield {
        stream,
        revision: Math.min(head, last) + 1,
        what:
          last < head
            ? `events ${last + 1} to ${head} are missing at the end`
            : `there are events up to ${last}, but ${head} is noted as the last`,
      };
  }
}

async function* readable(pages: Pages): Pages {
  try {
    yield* pages;
  } catch (error) {
    throw damageOf(error);
  }
}

function damageOf(error: unknown): StoreUnusable {
  return isEnvironmental(error)
    ? new StoreUnusable(`events.db cannot be read: ${explain(error)}`)
    : new LogDamaged(`events.db is damaged: ${explain(error)}; restore it from a backup`);
}
