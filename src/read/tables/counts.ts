import type { Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';
import type { EventContext } from './handlers.js';

/** How many there were of something from a revision on: what holds at a moment is the last row until then. */
export const countsTable = `
  CREATE TABLE counts (
    account INTEGER NOT NULL, owner INTEGER NOT NULL, what TEXT NOT NULL, since INTEGER NOT NULL,
    value INTEGER NOT NULL, PRIMARY KEY (account, owner, what, since)
  ) WITHOUT ROWID`;

/** The users, groups and roles of an account, the members of a group, the holders of a role. */
export type Counted = 'users' | 'groups' | 'roles' | 'members' | 'holders';

/**
 * In a question's text: how many there are at its moment.
 * @param owner the number of the account, group or role
 */
export const counted = (what: Counted, account: string, owner: string) =>
  `ifnull((SELECT value FROM counts WHERE counts.account = ${account} AND counts.owner = ${owner}
     AND what = '${what}' AND counts.since <= ?1 ORDER BY counts.since DESC LIMIT 1), 0)`;

/** Counts at every revision, so that no list has to be counted. */
export class Counts {
  private readonly adding: Statement<never>;

  constructor(database: ViewsDatabase) {
    this.adding = database.prepare(
      `INSERT INTO counts (account, owner, what, since, value) VALUES (?1, ?2, ?3, ?4, ?5 + ifnull(
         (SELECT value FROM counts WHERE account = ?1 AND owner = ?2 AND what = ?3 ORDER BY since DESC LIMIT 1), 0))
       ON CONFLICT DO UPDATE SET value = excluded.value`,
    );
  }

  /** @param owner number of the account, group or role */
  add(at: EventContext, owner: number, what: Counted, difference: number): void {
    this.adding.run(at.account, owner, what, at.revision, difference);
  }
}
