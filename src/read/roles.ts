import { builtInRoles } from '../domain/built-in-roles.js';
import { only } from '../event-store/sqlite.js';
import { ACCOUNT } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import { isThere, type ListedRole, listedRole, listedRoleColumns, type ListedRoleRow } from './role.js';
import type { ViewsDatabase } from './views-database.js';

/** The built-in roles and those of the account. */
export class ListRoles extends Question<Page<ListedRole>> {
  readonly type = 'ListRoles';

  constructor(
    at: Moment,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listRoles = (database: ViewsDatabase) => {
  const count = new MomentStatement<{ total: number }>(
    database,
    (at) =>
      `SELECT ${builtInRoles.length} + ${at.total({ what: 'roles', account: ACCOUNT, owner: ACCOUNT })} AS total`,
  );
  const all = new MomentList<ListedRoleRow>(
    database,
    (at) =>
      `SELECT ${listedRoleColumns} FROM roles JOIN entities ON number = role
       WHERE ${isThere} AND ${at('roles')} ORDER BY role ${pageBy(3)}`,
  );
  return ({ at, page }: ListRoles): Page<ListedRole> =>
    pageOf(only(count.get(at)).total, page, (...limits) => all.all(at, ...limits).map(listedRole));
};
