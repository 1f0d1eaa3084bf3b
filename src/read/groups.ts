import { only } from '../event-store/sqlite.js';
import { ACCOUNT } from './at.js';
import { groupColumns, type GroupRow, groupView, type GroupView } from './group.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** The groups of an account. The filter `externalId` is exact. */
export class ListGroups extends Question<Page<GroupView>> {
  readonly type = 'ListGroups';

  constructor(
    at: Moment,
    readonly externalId: string | undefined,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listGroups = (database: ViewsDatabase) => {
  const count = new MomentStatement<{ total: number }>(
    database,
    (at) => `SELECT ${at.total({ what: 'groups', account: ACCOUNT, owner: ACCOUNT })} AS total`,
  );
  const all = new MomentList<GroupRow>(
    database,
    (at) =>
      `SELECT ${groupColumns(at)} FROM ${at.page('groups', `account = ${ACCOUNT}`, '"group"', pageBy(3))}
       JOIN entities ON number = "group" ORDER BY "group"`,
  );
  const withExternalId = new MomentList<GroupRow>(
    database,
    (at) =>
      `SELECT ${groupColumns(at)} FROM groups JOIN entities ON number = "group"
       WHERE groups.account = ${ACCOUNT} AND external_id = ?3 AND ${at('groups')} ORDER BY +"group"`,
  );
  return ({ at, externalId, page }: ListGroups): Page<GroupView> => {
    if (externalId === undefined)
      return pageOf(only(count.get(at)).total, page, (...limits) => all.all(at, ...limits).map(groupView));
    const found = withExternalId.all(at, externalId);
    return { rows: found.slice(page.offset, page.offset + page.limit).map(groupView), total: found.length };
  };
};
