import { Rejection, type RejectionCode } from '../domain/rejection.js';
import { ACCOUNT, type At } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import type { ViewsDatabase } from './views-database.js';

interface Found {
  readonly number: number;
  /** The total that was counted along with it; 0 when nothing was counted. */
  readonly total: number;
}

/**
 * Finds a user or group of a moment's account, and counts what it has.
 * @returns a function that throws Rejection with the code when there was none at the moment
 */
const finding = (table: 'users' | 'groups', column: 'user' | 'group', code: RejectionCode) => {
  /** @param total in the question's text; `entities.number` is the number of the user or group */
  return (database: ViewsDatabase, total: (at: At) => string = () => '0') => {
    const one = new MomentStatement<Found>(
      database,
      (at) =>
        `SELECT number, ${total(at)} AS total FROM entities JOIN ${table} ON "${column}" = number
         WHERE id = ?3 AND ${table}.account = ${ACCOUNT} AND ${at(table)}`,
    );
    return (at: Moment, id: string): Found => {
      const row = one.get(at, id);
      if (!row) throw new Rejection(code);
      return row;
    };
  };
};

export const foundUser = finding('users', 'user', 'user_not_found');
export const foundGroup = finding('groups', 'group', 'group_not_found');

/**
 * In a question's text: joins the users of the account whose ids are the JSON array `?3`,
 * as `users` and `self`.
 */
export const USERS = `json_each(?3) users
  CROSS JOIN entities self ON self.id = users.value AND self.account = ${ACCOUNT}`;
