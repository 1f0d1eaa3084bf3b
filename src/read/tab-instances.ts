import { Associated } from './associated.js';
import { foundUser } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface TabInstanceView {
  readonly id: string;
  readonly tab_id: string;
}

/** The tab instances of a user, oldest first. @throws Rejection user_not_found */
export class ListTabInstances extends Question<Page<TabInstanceView>> {
  readonly type = 'ListTabInstances';

  constructor(
    at: Moment,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

/** The ids of users' tab instances, oldest first. @see Associated */
export const tabInstancesOfUsers = (database: ViewsDatabase) =>
  new Associated<{ id: string }, string>(database, {
    source: (at) => `tab_instances ON user = self.number AND ${at('tab_instances')}`,
    columns: 'entities.id',
    joins: () => 'JOIN entities ON entities.number = tab_instance',
    order: 'tab_instance',
    view: ({ id }) => id,
  });

export const listTabInstances = (database: ViewsDatabase) => {
  const found = foundUser(
    database,
    (at) => `(SELECT count(*) FROM tab_instances WHERE user = entities.number AND ${at('tab_instances')})`,
  );
  const tabs = new MomentList<TabInstanceView>(
    database,
    (at) =>
      `SELECT id, tab_id FROM ${at.page('tab_instances', 'user = ?3', 'tab_instance', pageBy(4))}
       JOIN entities ON number = tab_instance ORDER BY tab_instance`,
  );
  return ({ at, userId, page }: ListTabInstances): Page<TabInstanceView> => {
    const { number, total } = found(at, userId);
    return pageOf(total, page, (...limits) => tabs.all(at, number, ...limits));
  };
};
