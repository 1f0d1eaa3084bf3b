import { reachesClients } from '../domain/authority.js';
import { EVERYTHING } from '../domain/permissions.js';
import { ACCOUNT } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { differentLists } from './permission-sources.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * Which of some client accounts are open to a user of their company: to Admins all of them, to others those that are
 * shared with one of the user's groups.
 */
export class ListReachedClients extends Question<readonly string[]> {
  readonly type = 'ListReachedClients';

  /**
   * @param at a moment of the company
   * @param toManage whether only a share with the right to manage counts
   */
  constructor(
    at: Moment,
    readonly userId: string,
    readonly clientIds: readonly string[],
    readonly toManage: boolean,
  ) {
    super(at);
  }
}

export const listReachedClients = (database: ViewsDatabase) => {
  const user = new MomentStatement<{ number: number }>(
    database,
    (at) =>
      `SELECT number FROM entities JOIN users ON user = number AND ${at('users')}
       WHERE id = ?3 AND users.account = ${ACCOUNT}`,
  );
  // Of a user's permissions only those that this service asks for.
  const rights = new MomentList<{ list: string }>(database, (at) => differentLists(at, '?3', 'rights'));
  const shared = new MomentList<{ id: string }>(
    database,
    (at) =>
      `SELECT DISTINCT clients.id FROM json_each(?4) asked JOIN entities clients ON clients.id = asked.value
       JOIN client_shares ON client = clients.number AND client_shares.account = ${ACCOUNT}
         AND ${at('client_shares')} AND can_manage >= ?5
       JOIN memberships ON memberships."group" = client_shares."group" AND user = ?3 AND ${at('memberships')}`,
  );
  return ({ at, userId, clientIds, toManage }: ListReachedClients): readonly string[] => {
    const found = user.get(at, userId);
    if (!found) return [];
    const held = new Set(rights.all(at, found.number).flatMap(({ list }) => JSON.parse(list) as string[]));
    if (held.has(EVERYTHING)) return clientIds;
    if (!reachesClients(held)) return [];
    const ids = shared.all(at, found.number, JSON.stringify(clientIds), toManage ? 1 : 0);
    const open = new Set(ids.map(({ id }) => id));
    return clientIds.filter((id) => open.has(id));
  };
};
