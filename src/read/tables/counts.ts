import type { Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';

/** How many there are of something from a revision on, until the next row. */
export const countsTable = `
  CREATE TABLE counts (
    account INTEGER NOT NULL, owner INTEGER NOT NULL, what TEXT NOT NULL, since INTEGER NOT NULL,
    value INTEGER NOT NULL, PRIMARY KEY (account, owner, what, since)
  ) WITHOUT ROWID`;

/** The users, groups and roles of an account, the members of a group, the holders of a role. */
export type Counted = 'users' | 'groups' | 'roles' | 'members' | 'holders';

/** What the text of a question counts. */
export interface Total {
  readonly what: Counted;
  readonly account: string;
  /** The number of the account, group or role. */
  readonly owner: string;
}

const lastOf = ([account, owner, what]: readonly [string, string, string], held: string) =>
  `ifnull((SELECT value FROM counts WHERE counts.account = ${account} AND counts.owner = ${owner}
     AND what = ${what} ${held} ORDER BY counts.since DESC LIMIT 1), 0)`;

/** In a question's text: how many there are now. */
export const countedNow = ({ what, account, owner }: Total) => lastOf([account, owner, `'${what}'`], '');

/** In a question's text: how many there were at the revision `?1`. */
export const countedThen = ({ what, account, owner }: Total) =>
  lastOf([account, owner, `'${what}'`], 'AND counts.since <= ?1');

/** Counts, so that no list has to be counted, nor its past. */
export class Counts {
  private readonly adding: Statement<never>;

  constructor(database: ViewsDatabase) {
    const last = lastOf(['?1', '?2', '?3'], '');
    this.adding = database.prepare(
      `INSERT INTO counts (account, owner, what, since, value) VALUES (?1, ?2, ?3, ?4, ${last} + ?5)
       ON CONFLICT DO UPDATE SET value = value + ?5`,
    );
  }

  /** @param at where and when it is counted @param owner number of the account, group or role */
  add(
    at: { readonly account: number; readonly revision: number },
    owner: number,
    what: Counted,
    difference: number,
  ) {
    if (difference !== 0) this.adding.run(at.account, owner, what, at.revision, difference);
  }
}
