import { only } from '../event-store/sqlite.js';
import { ACCOUNT, type At } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface ShareRightView {
  readonly group_id: string;
  readonly group_name: string;
  readonly can_manage: boolean;
}

/**
 * The groups of a company that one of its clients is shared with. This does not tell whether there is such a
 * client. The client's own stream does.
 */
export class ListShareRights extends Question<Page<ShareRightView>> {
  readonly type = 'ListShareRights';

  /** @param at a moment of the company */
  constructor(
    at: Moment,
    readonly clientId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

type Row = Omit<ShareRightView, 'can_manage'> & { can_manage: number };

// A join is needed here: SQLite does not use the indexes of the past for a column that equals a subquery.
const ofClient = (at: At) =>
  `entities self CROSS JOIN client_shares ON client = self.number AND client_shares.account = ${ACCOUNT}
     AND ${at('client_shares')}`;

export const listShareRights = (database: ViewsDatabase) => {
  const count = new MomentStatement<{ total: number }>(
    database,
    (at) => `SELECT count(*) AS total FROM ${ofClient(at)} WHERE self.id = ?3`,
  );
  const all = new MomentList<Row>(
    database,
    (at) =>
      `SELECT entities.id AS group_id, name AS group_name, can_manage FROM ${ofClient(at)}
       JOIN groups ON ${at.one('groups', '"group"', 'client_shares."group"')}
       JOIN entities ON entities.number = client_shares."group"
       WHERE self.id = ?3 ORDER BY client_shares."group" ${pageBy(4)}`,
  );
  return ({ at, clientId, page }: ListShareRights): Page<ShareRightView> => {
    const { total } = only(count.get(at, clientId));
    return pageOf(total, page, (...limits) =>
      all.all(at, clientId, ...limits).map((row) => ({ ...row, can_manage: row.can_manage === 1 })),
    );
  };
};
