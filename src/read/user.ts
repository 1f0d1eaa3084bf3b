import { Rejection } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface UserView {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly external_id: string | null;
  /** ISO 8601 in UTC with milliseconds. */
  readonly created: string;
  /** The last recorded sign-in with the password, in the form of `created`; null when there was none. */
  readonly last_login: string | null;
  /** When the lock ends or has ended, in the form of `created`; null when there is none. */
  readonly locked_until: string | null;
  /** When the lock was recorded, in the form of `created`; null when there is none. */
  readonly locked_since: string | null;
}

/** One user of an account. @throws Rejection user_not_found */
export class GetUser extends Question<UserView> {
  readonly type = 'GetUser';

  constructor(
    at: Moment,
    readonly userId: string,
  ) {
    super(at);
  }
}

export const userColumns =
  'id, first_name, last_name, email, external_id, created, last_login, locked_until, locked_since';

export const getUser = (database: ViewsDatabase) => {
  const one = new MomentStatement<UserView>(
    database,
    (at) =>
      `SELECT ${userColumns} FROM entities JOIN users ON user = number
       WHERE id = ?3 AND users.account = ${ACCOUNT} AND ${at('users')}`,
  );
  return ({ at, userId }: GetUser): UserView => {
    const row = one.get(at, userId);
    if (!row) throw new Rejection('user_not_found');
    return row;
  };
};
