import type { ArrivedAttempt, AttemptKey } from './attempt-log.js';
import { type Database, prepare } from './sqlite.js';

/** It came after the other tables, so a file may not have it yet. `place` is null where the number is the place. */
const schema = `
  CREATE TABLE IF NOT EXISTS arrivals (
    number INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, place INTEGER,
    time INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, UNIQUE (account, time, at, id)
  );
  CREATE INDEX IF NOT EXISTS arrivals_by_place ON arrivals (account, ifnull(place, number));
  CREATE INDEX IF NOT EXISTS arrivals_by_time ON arrivals (time);
`;

/** The order in which the attempts of accounts were first kept. Accounts are numbers here. */
export class AttemptArrivals {
  private readonly statements;

  constructor(database: Database) {
    database.exec(schema);
    this.statements = {
      add: prepare<never>(
        database,
        'INSERT OR IGNORE INTO arrivals (account, place, time, at, id) VALUES (?, ?, ?, ?, ?)',
      ),
      last: prepare<{ last: number | null }>(
        database,
        'SELECT max(ifnull(place, number)) AS last FROM arrivals WHERE account = ?',
      ),
      page: prepare<ArrivedAttempt>(
        database,
        `SELECT ifnull(place, number) AS place, time, at, id, data
         FROM arrivals JOIN attempts USING (account, time, at, id)
         WHERE account = ? AND ifnull(place, number) > ? ORDER BY ifnull(place, number) LIMIT ?`,
      ),
      forget: prepare<never>(database, 'DELETE FROM arrivals WHERE account = ?'),
      prune: database.prepare(
        'DELETE FROM arrivals WHERE number IN (SELECT number FROM arrivals WHERE time < ? ORDER BY time LIMIT ?)',
      ),
    };
  }

  /** @param place absent: behind all others */
  add(account: number, { time, at, id }: AttemptKey, place: number | null = null): void {
    this.statements.add.run(account, place, time, at, id);
  }

  page(account: number, after: number, limit: number): ArrivedAttempt[] {
    const last = this.statements.last.get(account)?.last ?? 0;
    return this.statements.page.all(account, after > last ? 0 : after, limit);
  }

  forget(account: number): void {
    this.statements.forget.run(account);
  }

  /** @returns how many were forgotten */
  prune(before: number, atOnce: number): number {
    return this.statements.prune.run(before, atOnce).changes;
  }
}
