import { Rejection } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import { EVERYWHERE } from './tables/roles.js';
import type { ViewsDatabase } from './views-database.js';

export interface RoleView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

/** One role as an account has it. @throws Rejection role_not_found */
export class GetRole extends Question<RoleView> {
  readonly type = 'GetRole';

  constructor(
    at: Moment,
    readonly roleId: string,
  ) {
    super(at);
  }
}

type RoleRow = Omit<RoleView, 'permissions' | 'built_in'> & { permissions: string; built_in: number };

/** A role in a list. Its permissions may be many. */
export type ListedRole = Omit<RoleView, 'permissions'>;
export type ListedRoleRow = Omit<RoleRow, 'permissions'>;

export const listedRoleColumns = `entities.id, name, description, roles.account = ${EVERYWHERE} AS built_in`;

export function listedRole({ built_in, ...facts }: ListedRoleRow): ListedRole {
  return { ...facts, built_in: built_in === 1 };
}

/** In a question's text: the condition that a role is built in or the account's own. */
export const isThere = `roles.account IN (${EVERYWHERE}, ${ACCOUNT})`;

function roleView({ permissions, ...facts }: RoleRow): RoleView {
  return { ...listedRole(facts), permissions: JSON.parse(permissions) as string[] };
}

export const getRole = (database: ViewsDatabase) => {
  const one = new MomentStatement<RoleRow>(
    database,
    (at) =>
      `SELECT ${listedRoleColumns}, permissions FROM entities JOIN roles ON role = number
       WHERE entities.id = ?3 AND ${isThere} AND ${at('roles')}`,
  );
  return ({ at, roleId }: GetRole): RoleView => {
    const row = one.get(at, roleId);
    if (!row) throw new Rejection('role_not_found');
    return roleView(row);
  };
};
