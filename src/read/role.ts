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

export type RoleRow = Omit<RoleView, 'permissions' | 'built_in'> & { permissions: string; built_in: number };

export const roleColumns = `entities.id, name, description, permissions, roles.account = ${EVERYWHERE} AS built_in`;

/** In a question's text: the condition that a role is built in or the account's own. */
export const isThere = `roles.account IN (${EVERYWHERE}, ${ACCOUNT})`;

export function roleView({ permissions, built_in, ...facts }: RoleRow): RoleView {
  return { ...facts, permissions: JSON.parse(permissions) as string[], built_in: built_in === 1 };
}

export const getRole = (database: ViewsDatabase) => {
  const one = new MomentStatement<RoleRow>(
    database,
    (at) =>
      `SELECT ${roleColumns} FROM entities JOIN roles ON role = number
       WHERE entities.id = ?3 AND ${isThere} AND ${at('roles')}`,
  );
  return ({ at, roleId }: GetRole): RoleView => {
    const row = one.get(at, roleId);
    if (!row) throw new Rejection('role_not_found');
    return roleView(row);
  };
};
