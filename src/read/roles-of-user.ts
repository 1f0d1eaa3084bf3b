import { foundUser, USERS } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import { roleColumns, type RoleRow, roleView, type RoleView } from './role.js';
import type { ViewsDatabase } from './views-database.js';

/** The roles of a user. @throws Rejection user_not_found */
export class ListRolesOfUser extends Question<readonly RoleView[]> {
  readonly type = 'ListRolesOfUser';

  constructor(
    at: Moment,
    readonly userId: string,
  ) {
    super(at);
  }
}

/**
 * The ids of users' roles by the users' ids. Users keep their order, and roles the order in
 * which they were given.
 */
export const rolesOfUsers = (database: ViewsDatabase) => {
  const all = new MomentList<{ user: string; id: string }>(
    database,
    (at) =>
      `SELECT users.value AS user, entities.id FROM ${USERS}
       CROSS JOIN assignments ON user = self.number AND ${at('assignments')}
       JOIN entities ON entities.number = role ORDER BY users.key, since, role`,
  );
  return (at: Moment, users: readonly string[]) =>
    all.all(at, JSON.stringify(users)).map(({ user, id }) => [user, id] as const);
};

export const listRolesOfUser = (database: ViewsDatabase) => {
  const user = foundUser(database);
  const roles = new MomentList<RoleRow>(
    database,
    (at) =>
      `SELECT ${roleColumns} FROM assignments
       JOIN roles ON ${at.one('roles', 'role', 'assignments.role')}
       JOIN entities ON entities.number = assignments.role
       WHERE user = ?3 AND ${at('assignments')} ORDER BY assignments.since, assignments.role`,
  );
  return ({ at, userId }: ListRolesOfUser): readonly RoleView[] =>
    roles.all(at, user(at, userId).number).map(roleView);
};
