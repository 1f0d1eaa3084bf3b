import type { Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';

/**
 * Each command's last revision, with the latest time up to it. That time never falls from one
 * row to the next.
 */
export const commandsTable = `
  CREATE TABLE commands (
    account INTEGER NOT NULL, revision INTEGER NOT NULL, latest INTEGER NOT NULL, PRIMARY KEY (account, revision)
  ) WITHOUT ROWID`;

interface End {
  readonly revision: number;
  readonly latest: number;
}

/** The commands of an account, with the times at which they were done. */
export class Commands {
  private readonly adding: Statement<never>;
  private readonly end: Statement<End>;

  constructor(database: ViewsDatabase) {
    this.adding = database.prepare('INSERT INTO commands (account, revision, latest) VALUES (?, ?, ?)');
    this.end = database.prepare(
      'SELECT revision, latest FROM commands WHERE account = ? AND revision >= ? ORDER BY revision LIMIT 1',
    );
  }

  /**
   * Adds a command.
   * @param account its number
   * @param revision of the command's last event
   * @param latest the latest time up to that revision, in milliseconds since the epoch
   */
  add(account: number, revision: number, latest: number): void {
    this.adding.run(account, revision, latest);
  }

  /** The last revision of the command that wrote a revision; undefined for a revision that the views lack. */
  endOf(account: number, revision: number): number | undefined {
    return this.end.get(account, revision)?.revision;
  }

  /** The latest time up to a command's last revision; undefined for a revision that the views lack. */
  latestAt(account: number, revision: number): number | undefined {
    return this.end.get(account, revision)?.latest;
  }

  /**
   * The last revision up to which no event has a later time; undefined when the first event has one.
   * @param head the revision of the account
   */
  lastBy(account: number, time: number, head: number): number | undefined {
    let found: number | undefined;
    // Times do not fall. So each step leaves out half of the history, and no index by time is needed.
    for (let [from, to] = [0, head]; from <= to;) {
      const middle = Math.floor((from + to) / 2);
      const end = this.end.get(account, middle);
      if (end && end.latest <= time) {
        found = end.revision;
        from = end.revision + 1;
      } else to = middle - 1;
    }
    return found;
  }
}
