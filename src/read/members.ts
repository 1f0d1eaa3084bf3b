import { ACCOUNT } from './at.js';
import { foundGroup } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import { userColumns, type UserView } from './user.js';
import type { ViewsDatabase } from './views-database.js';

export interface MemberView extends UserView {
  readonly can_edit: boolean;
}

/** The members of a group; for All Users every user. @throws Rejection group_not_found */
export class ListMembers extends Question<Page<MemberView>> {
  readonly type = 'ListMembers';

  constructor(
    at: Moment,
    readonly groupId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listMembers = (database: ViewsDatabase) => {
  const found = foundGroup(database, (at) =>
    at.total({ what: 'members', account: ACCOUNT, owner: 'entities.number' }),
  );
  const all = new MomentList<UserView & { can_edit: number }>(
    database,
    (at) =>
      `SELECT ${userColumns}, can_edit
       FROM ${at.page('memberships', '"group" = ?3', 'user', pageBy(4))}
       JOIN users ON ${at.one('users', 'user', 'memberships.user')}
       JOIN entities ON number = memberships.user ORDER BY memberships.user`,
  );
  return ({ at, groupId, page }: ListMembers): Page<MemberView> => {
    const { number, total } = found(at, groupId);
    return pageOf(total, page, (...limits) =>
      all.all(at, number, ...limits).map((row) => ({ ...row, can_edit: row.can_edit === 1 })),
    );
  };
};
