import type { Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';

/** Each command's last revision, with the latest time until then in milliseconds: a clock may have been set back. */
export const commandsTable = `
  CREATE TABLE commands (
    account INTEGER NOT NULL, revision INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (account, revision)
  ) WITHOUT ROWID;
  CREATE INDEX commands_by_time ON commands (account, time)`;

const account = '(SELECT number FROM entities WHERE id = ?1)';

/** When the commands of an account were done. */
export class Commands {
  private readonly ending: Statement<never>;
  private readonly end: Statement<{ revision: number }>;
  private readonly last: Statement<{ revision: number }>;

  constructor(database: ViewsDatabase) {
    this.ending = database.prepare(
      `INSERT INTO commands (account, revision, time) VALUES (?1, ?2, max(?3, ifnull(
         (SELECT time FROM commands WHERE account = ?1 ORDER BY revision DESC LIMIT 1), 0)))`,
    );
    this.end = database.prepare(
      `SELECT revision FROM commands WHERE account = ${account} AND revision >= ?2 ORDER BY revision LIMIT 1`,
    );
    this.last = database.prepare(
      `SELECT revision FROM commands WHERE account = ${account} AND time <= ?2 ORDER BY time DESC, revision DESC LIMIT 1`,
    );
  }

  /**
   * @param account its number
   * @param revision of the command's last event
   * @param time ISO 8601 in UTC
   */
  add(number: number, revision: number, time: string): void {
    this.ending.run(number, revision, Date.parse(time));
  }

  /** The last revision of the command that wrote a revision; undefined for one that is not here. */
  endOf(accountId: string, revision: number): number | undefined {
    return this.end.get(accountId, revision)?.revision;
  }

  /** The last revision until which no event had a later time; undefined when the first is later. */
  lastBy(accountId: string, time: number): number | undefined {
    return this.last.get(accountId, time)?.revision;
  }
}
