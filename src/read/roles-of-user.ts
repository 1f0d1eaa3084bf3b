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

/** The roles of users by their ids, in the order of the users and for each as they were given. */
export const rolesOfUsers = (database: ViewsDatabase) => {
  const all = new MomentList<RoleRow & { user: string }>(
    database,
    (at) =>
      `SELECT users.value AS user, ${roleColumns} FROM ${USERS}
       CROSS JOIN assignments ON user = self.number AND ${at('assignments')}
       JOIN roles ON roles.role = assignments.role AND ${at('roles')}
       JOIN entities ON entities.number = assignments.role
       ORDER BY users.key, assignments.since, assignments.role`,
  );
  return (at: Moment, users: readonly string[]) =>
    all.all(at, JSON.stringify(users)).map(({ user, ...role }) => [user, roleView(role)] as const);
};

export const listRolesOfUser = (database: ViewsDatabase) => {
  const [user, roles] = [foundUser(database), rolesOfUsers(database)];
  return ({ at, userId }: ListRolesOfUser): readonly RoleView[] => {
    user(at, userId);
    return roles(at, [userId]).map(([, role]) => role);
  };
};
