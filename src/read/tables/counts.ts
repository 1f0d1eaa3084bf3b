import type { Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';
import type { EventContext } from './handlers.js';

/** How many there are of something now; how many there were once is counted in the tables. */
export const countsTable = `
  CREATE TABLE counts (
    account INTEGER NOT NULL, owner INTEGER NOT NULL, what TEXT NOT NULL, value INTEGER NOT NULL,
    PRIMARY KEY (account, owner, what)
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

/** In a question's text: how many there are now. */
export const countedNow = ({ what, account, owner }: Total) =>
  `ifnull((SELECT value FROM counts WHERE counts.account = ${account} AND counts.owner = ${owner}
     AND what = '${what}'), 0)`;

/** The table that has a row for each that is counted, and the condition of these rows. */
export function countedRows({ what, account, owner }: Total): readonly [table: string, where: string] {
  switch (what) {
    case 'members':
      return ['memberships', `memberships."group" = ${owner}`];
    case 'holders':
      return ['assignments', `assignments.account = ${account} AND assignments.role = ${owner}`];
    default:
      return [what, `${what}.account = ${owner}`];
  }
}

/** Counts of now, so that no list has to be counted. */
export class Counts {
  private readonly adding: Statement<never>;

  constructor(database: ViewsDatabase) {
    this.adding = database.prepare(
      `INSERT INTO counts (account, owner, what, value) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET value = value + excluded.value`,
    );
  }

  /** @param owner number of the account, group or role */
  add({ account }: EventContext, owner: number, what: Counted, difference: number): void {
    this.adding.run(account, owner, what, difference);
  }
}
