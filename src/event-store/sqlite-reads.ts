import { PAGE_BYTES, type Position, type RecordedEvent, sizeOf } from './event-store.js';
import { type Database, only, prepare, type Statement, type Value } from './sqlite.js';

const PAGE = 500;

const columns = 'name AS stream, revision, CAST(position AS TEXT) AS position, id, type, data, metadata';
const source = 'events JOIN streams ON streams.number = events.stream';

/** Reads a log in an SQLite file. */
export class SqliteReads {
  private readonly id: Statement<{ id: string }>;
  private readonly at: Statement<{ id: string }>;
  private readonly stream: Pages;
  private readonly all: Pages;

  constructor(database: Database) {
    this.id = prepare<{ id: string }>(database, 'SELECT id FROM log');
    this.at = prepare(database, 'SELECT id FROM events WHERE position = ?');
    this.stream = new Pages(
      database,
      `events.stream = (SELECT number FROM streams WHERE name = ?) AND revision > ? ORDER BY revision`,
    );
    this.all = new Pages(
      database,
      'events.position > ? AND substr(name, 1, length(?)) = ? ORDER BY events.position',
    );
  }

  get logId(): string {
    return only(this.id.get()).id;
  }

  idAt(position: Position): string | undefined {
    return this.at.get(position)?.id;
  }

  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    for (let from = after; ;) {
      await Promise.resolve();
      const { page, isLast } = this.stream.first(stream, from);
      if (page.length > 0) yield page;
      if (isLast) return;
      from = page.at(-1)?.revision ?? from;
    }
  }

  async *readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    for (let from = Number(after ?? 0); ;) {
      await Promise.resolve();
      const { page, isLast } = this.all.first(from, prefix, prefix);
      if (page.length > 0) yield page;
      if (isLast) return;
      from = Number(page.at(-1)?.position ?? from);
    }
  }
}

/** Pages of the events that a condition chooses, in an order. */
class Pages {
  private readonly size: Statement<{ bytes: number | null }>;
  private readonly events: Statement<RecordedEvent>;

  constructor(database: Database, where: string) {
    const from = `FROM ${source} WHERE ${where} LIMIT ${PAGE}`;
    this.size = prepare(database, `SELECT sum(octet_length(data)) AS bytes FROM (SELECT data ${from})`);
    this.events = prepare(database, `SELECT ${columns} ${from}`);
  }

  /** @returns the first page, and whether there is nothing behind it */
  first(...parameters: Value[]): { readonly page: readonly RecordedEvent[]; readonly isLast: boolean } {
    // To take all at once is a third faster.
    if ((this.size.get(...parameters)?.bytes ?? 0) <= PAGE_BYTES) {
      const page = this.events.all(...parameters);
      return { page, isLast: page.length < PAGE };
    }
    const page: RecordedEvent[] = [];
    let bytes = 0;
    for (const event of this.events.iterate(...parameters)) {
      page.push(event);
      if ((bytes += sizeOf(event)) >= PAGE_BYTES) return { page, isLast: false };
    }
    return { page, isLast: page.length < PAGE };
  }
}
