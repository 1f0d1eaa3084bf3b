import { Rejection } from '../domain/rejection.js';
import type { DefaultTabView } from './default-tabs.js';
import { foundGroup } from './found.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** One default tab of a group. @throws Rejection group_not_found, default_tab_not_found */
export class GetDefaultTab extends Question<DefaultTabView> {
  readonly type = 'GetDefaultTab';

  constructor(
    at: Moment,
    readonly groupId: string,
    readonly tabId: string,
  ) {
    super(at);
  }
}

export const getDefaultTab = (database: ViewsDatabase) => {
  const group = foundGroup(database);
  const one = new MomentStatement<DefaultTabView>(
    database,
    (at) =>
      `SELECT tab AS tab_id FROM default_tabs WHERE "group" = ?3 AND tab = ?4 AND ${at('default_tabs')}`,
  );
  return ({ at, groupId, tabId }: GetDefaultTab): DefaultTabView => {
    const row = one.get(at, group(at, groupId).number, tabId);
    if (!row) throw new Rejection('default_tab_not_found');
    return row;
  };
};
