import { only } from '../event-store/sqlite.js';
import { ACCOUNT, type At } from './at.js';
import { groupColumns, type GroupView } from './group.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** A group without its permissions, which may be many: {@link ListPermissionsOfGroups} has them. */
export interface ListedGroup extends Omit<GroupView, 'permissions'> {
  readonly permissions_total: number;
  /** How long the list is as JSON, in bytes. */
  readonly permissions_bytes: number;
}

/** The groups of an account. The filter `externalId` is exact. */
export class ListGroups extends Question<Page<ListedGroup>> {
  readonly type = 'ListGroups';

  constructor(
    at: Moment,
    readonly externalId: string | undefined,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

type Row = Omit<ListedGroup, 'built_in'> & { built_in: number };

const columns = (at: At) =>
  groupColumns(at, 'names AS permissions_total, octet_length(permissions) AS permissions_bytes');

function view({ built_in, ...facts }: Row): ListedGroup {
  return { ...facts, built_in: built_in === 1 };
}

export const listGroups = (database: ViewsDatabase) => {
  const count = new MomentStatement<{ total: number }>(
    database,
    (at) => `SELECT ${at.total({ what: 'groups', account: ACCOUNT, owner: ACCOUNT })} AS total`,
  );
  const all = new MomentList<Row>(
    database,
    (at) =>
      `SELECT ${columns(at)} FROM ${at.page('groups', `account = ${ACCOUNT}`, '"group"', pageBy(3))}
       JOIN entities ON number = "group" ORDER BY "group"`,
  );
  const withExternalId = new MomentList<Row>(
    database,
    (at) =>
      `SELECT ${columns(at)} FROM groups JOIN entities ON number = "group"
       WHERE groups.account = ${ACCOUNT} AND external_id = ?3 AND ${at('groups')} ORDER BY +"group"`,
  );
  return ({ at, externalId, page }: ListGroups): Page<ListedGroup> => {
    if (externalId === undefined)
      return pageOf(only(count.get(at)).total, page, (...limits) => all.all(at, ...limits).map(view));
    const found = withExternalId.all(at, externalId);
    return { rows: found.slice(page.offset, page.offset + page.limit).map(view), total: found.length };
  };
};
