import { foundGroup } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface DefaultTabView {
  /** The dashboard's id, which the caller has chosen. */
  readonly tab_id: string;
}

/** The default tabs of a group, in the order in which they were added. @throws Rejection group_not_found */
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
  const found = foundGroup(
    database,
    (at) => `(SELECT count(*) FROM default_tabs WHERE "group" = entities.number AND ${at('default_tabs')})`,
  );
  const all = new MomentList<DefaultTabView>(
    database,
    (at) =>
      `SELECT tab AS tab_id FROM default_tabs WHERE "group" = ?3 AND ${at('default_tabs')}
       ORDER BY since, place ${pageBy(4)}`,
  );
  return ({ at, groupId, page }: ListDefaultTabs): Page<DefaultTabView> => {
    const { number, total } = found(at, groupId);
    return pageOf(total, page, (...limits) => all.all(at, number, ...limits));
  };
};
