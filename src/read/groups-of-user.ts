import type { At } from './at.js';
import { foundUser, USERS } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface UserGroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly can_edit: boolean;
  readonly built_in: boolean;
}

/** The groups of a user, including All Users. @throws Rejection user_not_found */
export class ListGroupsOfUser extends Question<Page<UserGroupView>> {
  readonly type = 'ListGroupsOfUser';

  constructor(
    at: Moment,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

type Row = Omit<UserGroupView, 'can_edit' | 'built_in'> & { can_edit: number; built_in: number };

/** @param source the memberships that hold at the moment */
const select = (at: At, source: string, order: string, more = '') =>
  `SELECT entities.id, name, description, can_edit, built_in ${more} FROM ${source}
   JOIN groups ON ${at.one('groups', '"group"', 'memberships."group"')}
   JOIN entities ON entities.number = memberships."group" ORDER BY ${order}memberships."group"`;

const view = ({ id, name, description, can_edit, built_in }: Row): UserGroupView => ({
  ...{ id, name, description, can_edit: can_edit === 1, built_in: built_in === 1 },
});

/** All groups of the given users, in the order of the users' ids. */
export const groupsOfUsers = (database: ViewsDatabase) => {
  const all = new MomentList<Row & { user: string }>(database, (at) =>
    select(
      at,
      `${USERS} CROSS JOIN memberships ON user = self.number AND ${at('memberships')}`,
      'users.key, ',
      ', users.value AS user',
    ),
  );
  return (at: Moment, users: readonly string[]) =>
    all.all(at, JSON.stringify(users)).map((row) => [row.user, view(row)] as const);
};

export const listGroupsOfUser = (database: ViewsDatabase) => {
  const found = foundUser(
    database,
    (at) => `(SELECT count(*) FROM memberships WHERE user = entities.number AND ${at('memberships')})`,
  );
  const groups = new MomentList<Row>(database, (at) =>
    select(at, at.page('memberships', 'user = ?3', '"group"', pageBy(4)), ''),
  );
  return ({ at, userId, page }: ListGroupsOfUser): Page<UserGroupView> => {
    const { number, total } = found(at, userId);
    return pageOf(total, page, (...limits) => groups.all(at, number, ...limits).map(view));
  };
};
