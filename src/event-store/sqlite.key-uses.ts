import { type EndedKeys, isDue, type KeyUse, type KeyUses } from './key-uses.js';
import { openSideFile } from './side-file.js';
import { SideTables } from './side-tables.js';
import { atOnce, type Database, prepare } from './sqlite.js';

const contents = {
  format: 1,
  schema: `
    CREATE TABLE uses (
      key TEXT PRIMARY KEY, account TEXT NOT NULL, user TEXT NOT NULL, time INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX uses_by_account ON uses (account, user);
  `,
};

/** Last uses of keys in an SQLite file of their own, or in memory. */
export class SqliteKeyUses extends SideTables<ReturnType<typeof opened>> implements KeyUses {
  /** @param path of the file, or `:memory:`; the file is opened at its first use */
  constructor(path: string) {
    super(path, opened);
  }

  keep(account: string, uses: readonly KeyUse[]): Promise<void> {
    return this.atOnce(({ last, keep }) => {
      for (const use of uses)
        if (isDue(use, last.get(use.key_id)?.time)) keep.run(use.key_id, account, use.user_id, use.time);
    });
  }

  of(account: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.atOnce(({ some }) => {
      const rows = some.all(account, JSON.stringify(keyIds));
      return new Map(rows.map(({ key, time }) => [key, time]));
    });
  }

  forget(account: string, ended: EndedKeys): Promise<void> {
    return this.atOnce(({ forgetAll, forgetUser, forgetKey }) => {
      if ('key_id' in ended) forgetKey.run(account, ended.key_id);
      else if ('user_id' in ended) forgetUser.run(account, ended.user_id);
      else forgetAll.run(account);
    });
  }

  private atOnce<Result>(what: (statements: Statements) => Result): Promise<Result> {
    return this.later(({ database, statements }) => atOnce(database, () => what(statements)));
  }
}

type Statements = ReturnType<typeof statementsOf>;

function opened(path: string) {
  const database = openSideFile(path, contents);
  return { database, statements: statementsOf(database), close: () => database.close() };
}

function statementsOf(database: Database) {
  return {
    last: prepare<{ time: number }>(database, 'SELECT time FROM uses WHERE key = ?'),
    keep: prepare<never>(
      database,
      `INSERT INTO uses (key, account, user, time) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET time = excluded.time`,
    ),
    some: prepare<{ key: string; time: number }>(
      database,
      'SELECT key, time FROM uses WHERE account = ? AND key IN (SELECT value FROM json_each(?))',
    ),
    forgetAll: prepare<never>(database, 'DELETE FROM uses WHERE account = ?'),
    forgetUser: prepare<never>(database, 'DELETE FROM uses WHERE account = ? AND user = ?'),
    forgetKey: prepare<never>(database, 'DELETE FROM uses WHERE account = ? AND key = ?'),
  };
}
