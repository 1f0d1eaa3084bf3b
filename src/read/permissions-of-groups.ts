import { ACCOUNT } from './at.js';
import type { GroupView } from './group.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** A group, and its permissions in the order in which they were sent. */
export type PermissionsOfGroup = Pick<GroupView, 'id' | 'permissions'>;

/** The permissions of groups of an account. */
export class ListPermissionsOfGroups extends Question<readonly PermissionsOfGroup[]> {
  readonly type = 'ListPermissionsOfGroups';

  constructor(
    at: Moment,
    readonly groupIds: readonly string[],
  ) {
    super(at);
  }
}

export const listPermissionsOfGroups = (database: ViewsDatabase) => {
  const all = new MomentList<{ id: string; permissions: string }>(
    database,
    (at) =>
      `SELECT self.id, permissions FROM json_each(?3) asked
       CROSS JOIN entities self ON self.id = asked.value AND self.account = ${ACCOUNT}
       CROSS JOIN groups ON "group" = self.number AND ${at('groups')} ORDER BY asked.key`,
  );
  return ({ at, groupIds }: ListPermissionsOfGroups): readonly PermissionsOfGroup[] =>
    all
      .all(at, JSON.stringify(groupIds))
      .map(({ id, permissions }) => ({ id, permissions: JSON.parse(permissions) as string[] }));
};
