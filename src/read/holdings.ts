import { adminRole } from '../domain/built-in-roles.js';
import type { AccountUser } from '../domain/account-user.js';
import { type Holdings as Held, holds } from '../domain/permissions.js';
import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import type { Principal } from './credentials.js';
import { MomentList } from './moment-statement.js';
import type { Moments } from './moment.js';
import { namesIn, permissionSources, type SourceRow } from './permission-sources.js';
import { Remembered } from './remembered.js';
import { RowList } from './row-list.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** What callers may do, for the guard of a request. The decision checks again on the account's own state. */
export class Holdings {
  private readonly held: Remembered<Held>;
  private readonly sourcesThen: MomentList<SourceRow>;
  private readonly user: Statement<{ number: number }>;
  private readonly end: Statement<{ number: number; until: number | null }>;
  private readonly reach: Statement<{ found: number }>;

  constructor(
    database: ViewsDatabase,
    private readonly moments: Moments,
  ) {
    const user = '(SELECT number FROM entities WHERE id = ?1)';
    const sources = new RowList<SourceRow>(database, permissionSources(now, user));
    this.held = new Remembered(database, (id) => heldBy(sources.all(id)));
    this.sourcesThen = new MomentList(database, (at) => permissionSources(at, '?3'));
    this.user = database.prepare(
      `SELECT self.number FROM entities self JOIN users ON user = self.number AND ${now('users')}
       JOIN entities owner ON owner.number = users.account WHERE self.id = ? AND owner.id = ?`,
    );
    this.end = database.prepare(
      `SELECT number, (SELECT max(until) FROM users WHERE user = number AND until < ${NOW}) AS until
       FROM entities WHERE id = ?`,
    );
    this.reach = database.prepare(
      `SELECT 1 AS found FROM client_shares
       JOIN entities clients ON clients.id = ?1 AND clients.number = client
       JOIN entities users ON users.id = ?2
       JOIN memberships ON memberships."group" = client_shares."group" AND user = users.number
         AND ${now('memberships')}
       WHERE ${now('client_shares')} AND can_manage >= ?3 LIMIT 1`,
    );
  }

  of({ id }: Principal): Held {
    return this.held.of(id);
  }

  /**
   * What a user that limits keys holds. For a deleted user it is what the user held last, or nothing when
   * that was not enough to make keys for others.
   */
  ofLimiting({ user_id, account }: AccountUser): Held {
    if (this.user.get(user_id, account)) return this.of({ id: user_id, account });
    const { number, until } = this.end.get(user_id) ?? {};
    if (number === undefined || !until) return new Set();
    const held = heldBy(this.sourcesThen.all(this.moments.at(account, until - 1), number));
    return holds(held, 'user.manage') ? held : new Set();
  }

  /**
   * Whether a client is shared with a group of the user.
   * @param toManage whether only a share with the right to manage counts
   */
  reaches(userId: string, clientId: string, toManage: boolean): boolean {
    return this.reach.get(clientId, userId, toManage ? 1 : 0) !== undefined;
  }
}

function heldBy(sources: readonly SourceRow[]): Held {
  if (sources.some(({ type, id }) => type === 'role' && id === adminRole.id)) return 'everything';
  return new Set(sources.flatMap(namesIn));
}
