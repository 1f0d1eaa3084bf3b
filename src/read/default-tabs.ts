import { only } from '../event-store/sqlite.js';
import { foundGroup } from './found.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface DefaultTabView {
  /** The caller's own id of a dashboard. */
  readonly tab_id: string;
}

/** The default tabs of a group in the order in which they were added. @throws Rejection group_not_found */
export class ListDefaultTabs extends Question<Page<DefaultTabView>> {
  readonly type = 'ListDefaultTabs';

  constructor(
    at: Moment,
    readonly groupId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listDefaultTabs = (database: ViewsDatabase) => {
  const group = foundGroup(database);
  const count = new MomentStatement<{ total: number }>(
    database,
    (at) => `SELECT count(*) AS total FROM default_tabs WHERE "group" = ?3 AND ${at('default_tabs')}`,
  );
  const all = new MomentList<DefaultTabView>(
    database,
    (at) =>
      `SELECT tab AS tab_id FROM default_tabs WHERE "group" = ?3 AND ${at('default_tabs')}
       ORDER BY since, place ${pageBy(4)}`,
  );
  return ({ at, groupId, page }: ListDefaultTabs): Page<DefaultTabView> => {
    const number = group(at, groupId);
    return pageOf(only(count.get(at, number)).total, page, (...limits) => all.all(at, number, ...limits));
  };
};
