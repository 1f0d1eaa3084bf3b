import { Rejection, type RejectionCode } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * Finds the number of a user or group of a moment's account.
 * @returns a function that throws Rejection with the code when there was none then
 */
const finding = (table: 'users' | 'groups', column: 'user' | 'group', code: RejectionCode) => {
  return (database: ViewsDatabase) => {
    const one = new MomentStatement<{ number: number }>(
      database,
      (at) =>
        `SELECT number FROM entities JOIN ${table} ON "${column}" = number
         WHERE id = ?3 AND ${table}.account = ${ACCOUNT} AND ${at(table)}`,
    );
    return (at: Moment, id: string): number => {
      const row = one.get(at, id);
      if (!row) throw new Rejection(code);
      return row.number;
    };
  };
};

export const foundUser = finding('users', 'user', 'user_not_found');
export const foundGroup = finding('groups', 'group', 'group_not_found');

/** In a question's text: the users of the account whose ids are the JSON array `?3`, as `users` and `self`. */
export const USERS = `json_each(?3) users
  CROSS JOIN entities self ON self.id = users.value AND self.account = ${ACCOUNT}`;
