import { Rejection } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import { isThere } from './role.js';
import type { UserView } from './user.js';
import type { ViewsDatabase } from './views-database.js';

export type RoleUserView = Pick<UserView, 'id' | 'first_name' | 'last_name' | 'email'>;

/** The holders of a role in an account. @throws Rejection role_not_found */
export class ListUsersOfRole extends Question<Page<RoleUserView>> {
  readonly type = 'ListUsersOfRole';

  constructor(
    at: Moment,
    readonly roleId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listUsersOfRole = (database: ViewsDatabase) => {
  const found = new MomentStatement<{ role: number; total: number }>(
    database,
    (at) =>
      `SELECT role, ${at.total({ what: 'holders', account: ACCOUNT, owner: 'roles.role' })} AS total
       FROM entities JOIN roles ON role = number WHERE id = ?3 AND ${isThere} AND ${at('roles')}`,
  );
  const all = new MomentList<RoleUserView>(
    database,
    (at) =>
      `SELECT id, first_name, last_name, email
       FROM ${at.page('assignments', `account = ${ACCOUNT} AND role = ?3`, 'user', pageBy(4))}
       JOIN users ON ${at.one('users', 'user', 'assignments.user')}
       JOIN entities ON number = assignments.user ORDER BY assignments.user`,
  );
  return ({ at, roleId, page }: ListUsersOfRole): Page<RoleUserView> => {
    const row = found.get(at, roleId);
    if (!row) throw new Rejection('role_not_found');
    const { role, total } = row;
    return pageOf(total, page, (...limits) => all.all(at, role, ...limits));
  };
};
