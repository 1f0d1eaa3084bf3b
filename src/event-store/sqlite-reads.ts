import type { Position, RecordedEvent } from './event-store.js';
import { type Database, only, prepare } from './sqlite.js';

const PAGE = 500;

const columns = 'name AS stream, revision, CAST(position AS TEXT) AS position, id, type, data, metadata';
const source = 'events JOIN streams ON streams.number = events.stream';

/** Reads a log in an SQLite file. */
export class SqliteReads {
  private readonly statements;

  constructor(database: Database) {
    this.statements = {
      logId: prepare<{ id: string }>(database, 'SELECT id FROM log'),
      stream: prepare<RecordedEvent>(
        database,
        `SELECT ${columns} FROM ${source} WHERE events.stream = (SELECT number FROM streams WHERE name = ?)
         AND revision > ? ORDER BY revision LIMIT ${PAGE}`,
      ),
      all: prepare<RecordedEvent>(
        database,
        `SELECT ${columns} FROM ${source} WHERE events.position > ? AND substr(name, 1, length(?)) = ?
         ORDER BY events.position LIMIT ${PAGE}`,
      ),
    };
  }

  get logId(): string {
    return only(this.statements.logId.get()).id;
  }

  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    for (let from = after; ;) {
      await Promise.resolve();
      const page = this.statements.stream.all(stream, from);
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      from = page.at(-1)?.revision ?? from;
    }
  }

  async *readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    for (let from = Number(after ?? 0); ;) {
      await Promise.resolve();
      const page = this.statements.all.all(from, prefix, prefix);
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      from = Number(page.at(-1)?.position ?? from);
    }
  }
}
