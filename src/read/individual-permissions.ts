import { Rejection } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * The permissions given to a user alone, in the order in which they were
 * sent. @throws Rejection user_not_found
 */
export class GetIndividualPermissions extends Question<readonly string[]> {
  readonly type = 'GetIndividualPermissions';

  constructor(
    at: Moment,
    readonly userId: string,
  ) {
    super(at);
  }
}

export const getIndividualPermissions = (database: ViewsDatabase) => {
  const one = new MomentStatement<{ permissions: string | null }>(
    database,
    (at) =>
      `SELECT (SELECT permissions FROM individual_permissions own
               WHERE own.user = number AND ${at('own')}) AS permissions
       FROM entities JOIN users ON users.user = number
       WHERE id = ?3 AND users.account = ${ACCOUNT} AND ${at('users')}`,
  );
  return ({ at, userId }: GetIndividualPermissions): readonly string[] => {
    const row = one.get(at, userId);
    if (!row) throw new Rejection('user_not_found');
    return row.permissions === null ? [] : (JSON.parse(row.permissions) as string[]);
  };
};
