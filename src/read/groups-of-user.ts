import { Associated } from './associated.js';
import type { At } from './at.js';
import { foundUser } from './found.js';
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

const columns = 'entities.id, name, description, can_edit, built_in';

const joins = (at: At) =>
  `JOIN groups ON ${at.one('groups', '"group"', 'memberships."group"')}
   JOIN entities ON entities.number = memberships."group"`;

const view = ({ id, name, description, can_edit, built_in }: Row): UserGroupView => ({
  ...{ id, name, description, can_edit: can_edit === 1, built_in: built_in === 1 },
});

/** The groups of users. @see Associated */
export const groupsOfUsers = (database: ViewsDatabase) =>
  new Associated<Row, UserGroupView>(database, {
    source: (at) => `memberships ON user = self.number AND ${at('memberships')}`,
    ...{ columns, joins, view },
    order: 'memberships."group"',
  });

export const listGroupsOfUser = (database: ViewsDatabase) => {
  const found = foundUser(
    database,
    (at) => `(SELECT count(*) FROM memberships WHERE user = entities.number AND ${at('memberships')})`,
  );
  const groups = new MomentList<Row>(
    database,
    (at) =>
      `SELECT ${columns} FROM ${at.page('memberships', 'user = ?3', '"group"', pageBy(4))} ${joins(at)}
       ORDER BY memberships."group"`,
  );
  return ({ at, userId, page }: ListGroupsOfUser): Page<UserGroupView> => {
    const { number, total } = found(at, userId);
    return pageOf(total, page, (...limits) => groups.all(at, number, ...limits).map(view));
  };
};
