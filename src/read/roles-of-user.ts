import { Associated } from './associated.js';
import { foundUser } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import { type ListedRole, listedRole, listedRoleColumns, type ListedRoleRow } from './role.js';
import type { ViewsDatabase } from './views-database.js';

/** The roles of a user. @throws Rejection user_not_found */
export class ListRolesOfUser extends Question<Page<ListedRole>> {
  readonly type = 'ListRolesOfUser';

  constructor(
    at: Moment,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

/** The ids of users' roles in the order in which they were given. @see Associated */
export const rolesOfUsers = (database: ViewsDatabase) =>
  new Associated<{ id: string }, string>(database, {
    source: (at) => `assignments ON user = self.number AND ${at('assignments')}`,
    columns: 'entities.id',
    joins: () => 'JOIN entities ON entities.number = role',
    order: 'since, role',
    view: ({ id }) => id,
  });

export const listRolesOfUser = (database: ViewsDatabase) => {
  const found = foundUser(
    database,
    (at) => `(SELECT count(*) FROM assignments WHERE user = entities.number AND ${at('assignments')})`,
  );
  const roles = new MomentList<ListedRoleRow>(
    database,
    (at) =>
      `SELECT ${listedRoleColumns} FROM assignments
       JOIN roles ON ${at.one('roles', 'role', 'assignments.role')}
       JOIN entities ON entities.number = assignments.role
       WHERE user = ?3 AND ${at('assignments')} ORDER BY assignments.since, assignments.role ${pageBy(4)}`,
  );
  return ({ at, userId, page }: ListRolesOfUser): Page<ListedRole> => {
    const { number, total } = found(at, userId);
    return pageOf(total, page, (...limits) => roles.all(at, number, ...limits).map(listedRole));
  };
};
