import type { Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';

/** A count of something, from revision `since` until the next row. */
export const countsTable = `
  CREATE TABLE counts (
    account INTEGER NOT NULL, owner INTEGER NOT NULL, what TEXT NOT NULL, since INTEGER NOT NULL,
    value INTEGER NOT NULL, PRIMARY KEY (account, owner, what, since)
  ) WITHOUT ROWID`;

/** The users, groups and roles of an account, the members of a group, the holders of a role. */
export type Counted = 'users' | 'groups' | 'roles' | 'members' | 'holders';

/** The count that a question's text asks for. */
export interface Total {
  readonly what: Counted;
  readonly account: string;
  /** The number of the account, group or role. */
  readonly owner: string;
}

const lastOf = ([account, owner, what]: readonly [string, string, string], held: string) =>
  `ifnull((SELECT value FROM counts WHERE counts.account = ${account} AND counts.owner = ${owner}
     AND what = ${what} ${held} ORDER BY counts.since DESC LIMIT 1), 0)`;

/** In a question's text: the count now. */
export const countedNow = ({ what, account, owner }: Total) => lastOf([account, owner, `'${what}'`], '');

/** In a question's text: the count at the revision `?1`. */
export const countedThen = ({ what, account, owner }: Total) =>
  lastOf([account, owner, `'${what}'`], 'AND counts.since <= ?1');

/** Keeps counts, so that no list has to be counted, now or in the past. */
export class Counts {
  private readonly adding: Statement<never>;

  constructor(database: ViewsDatabase) {
    const last = lastOf(['?1', '?2', '?3'], '');
    this.adding = database.prepare(
      `INSERT INTO counts (account, owner, what, since, value) VALUES (?1, ?2, ?3, ?4, ${last} + ?5)
       ON CONFLICT DO UPDATE SET value = value + ?5`,
    );
  }

  /**
   * @param at the account and revision of the change
   * @param owner number of the account, group or role
   */
  add(
    at: { readonly account: number; readonly revision: number },
    owner: number,
    what: Counted,
    difference: number,
  ) {
    if (difference !== 0) this.adding.run(at.account, owner, what, at.revision, difference);
  }
}
