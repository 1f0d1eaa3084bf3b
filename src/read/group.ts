import { Rejection } from '../domain/rejection.js';
import { ACCOUNT, type At } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly external_id: string | null;
  /** In the order in which they were sent. */
  readonly permissions: readonly string[];
  readonly built_in: boolean;
  readonly num_members: number;
}

/** One group of an account. @throws Rejection group_not_found */
export class GetGroup extends Question<GroupView> {
  readonly type = 'GetGroup';

  constructor(
    at: Moment,
    readonly groupId: string,
  ) {
    super(at);
  }
}

export type GroupRow = Omit<GroupView, 'permissions' | 'built_in'> & {
  permissions: string;
  built_in: number;
};

/** @param permissions what is told of them */
export const groupColumns = (at: At, permissions = 'permissions') =>
  `id, name, description, external_id, ${permissions}, built_in,
  ${at.total({ what: 'members', account: 'groups.account', owner: 'groups."group"' })} AS num_members`;

export function groupView({ permissions, built_in, ...facts }: GroupRow): GroupView {
  return { ...facts, permissions: JSON.parse(permissions) as string[], built_in: built_in === 1 };
}

export const getGroup = (database: ViewsDatabase) => {
  const one = new MomentStatement<GroupRow>(
    database,
    (at) =>
      `SELECT ${groupColumns(at)} FROM entities JOIN groups ON "group" = number
       WHERE id = ?3 AND groups.account = ${ACCOUNT} AND ${at('groups')}`,
  );
  return ({ at, groupId }: GetGroup): GroupView => {
    const row = one.get(at, groupId);
    if (!row) throw new Rejection('group_not_found');
    return groupView(row);
  };
};
