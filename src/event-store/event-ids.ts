import { type Database, openDatabase, prepare, type Statement } from './sqlite.js';
import type { LogDamage } from './log-reader.js';
import type { RecordedEvent } from './event-store.js';

/** The ids of a whole log, in a file of their own. They show which ids occur more than once. */
export class EventIds {
  private readonly database: Database;
  private readonly insert: Statement<never>;

  /** @param path of a temporary file */
  constructor(path: string) {
    this.database = openDatabase(path);
    this.database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE ids (id TEXT NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL)`);
    this.insert = prepare(this.database, 'INSERT INTO ids (id, stream, revision) VALUES (?, ?, ?)');
  }

  add({ id, stream, revision }: RecordedEvent): void {
    this.insert.run(id, stream, revision);
  }

  /** Every event with the id of an earlier event. It is called once, after the last {@link add}. */
  *repeated(): Iterable<LogDamage> {
    this.database.exec('CREATE INDEX by_id ON ids (id)');
    const rows = prepare<{ id: string; stream: string; revision: number; whose: string; at: number }>(
      this.database,
      `SELECT later.id, later.stream, later.revision, first.stream AS whose, first.revision AS at
       FROM (SELECT id, min(rowid) AS row FROM ids GROUP BY id HAVING count(*) > 1) AS repeated
       JOIN ids AS first ON first.rowid = repeated.row
       JOIN ids AS later ON later.id = repeated.id AND later.rowid > repeated.row ORDER BY later.rowid`,
    );
    for (const { id, stream, revision, whose, at } of rows.iterate())
      yield { stream, revision, what: `it has the id ${id}, which event ${at} of stream ${whose} has` };
  }

  close(): void {
    this.database.close();
  }
}
