import { adminRole } from '../domain/built-in-roles.js';
import { reachesClients } from '../domain/authority.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { PermissionReader } from './permission-reader.js';
import { namesIn } from './permission-sources.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * Whether a client account is open to a user of its company: to Admins, and by a share right of one of the user's groups.
 * @throws Rejection answer_too_large
 */
export class ReachesClient extends Question<boolean> {
  readonly type = 'ReachesClient';

  /**
   * @param at a moment of the company
   * @param toManage whether only a share with the right to manage counts
   */
  constructor(
    at: Moment,
    readonly userId: string,
    readonly clientId: string,
    readonly toManage: boolean,
  ) {
    super(at);
  }
}

export const reachesClient = (database: ViewsDatabase) => {
  const user = new MomentStatement<{ number: number }>(
    database,
    (at) =>
      `SELECT number FROM entities JOIN users ON user = number AND ${at('users')}
       WHERE id = ?3 AND users.account = ${ACCOUNT}`,
  );
  const reader = new PermissionReader(database);
  const share = new MomentStatement<{ found: number }>(
    database,
    (at) =>
      `SELECT 1 AS found FROM client_shares
       JOIN memberships ON memberships."group" = client_shares."group" AND user = ?3 AND ${at('memberships')}
       WHERE client = (SELECT number FROM entities WHERE id = ?4) AND client_shares.account = ${ACCOUNT}
       AND ${at('client_shares')} AND can_manage >= ?5 LIMIT 1`,
  );
  return ({ at, userId, clientId, toManage }: ReachesClient): boolean => {
    const found = user.get(at, userId);
    if (!found) return false;
    const held = reader.of(at, found.number);
    if (held.some(({ type, id }) => type === 'role' && id === adminRole.id)) return true;
    if (!reachesClients(new Set(held.flatMap(namesIn)))) return false;
    return share.get(at, found.number, clientId, toManage ? 1 : 0) !== undefined;
  };
};
