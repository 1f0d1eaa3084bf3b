import type { AccountUser } from '../domain/account-user.js';
import { EVERYTHING, type Holdings as Held, holds } from '../domain/permissions.js';
import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import type { Principal } from './credentials.js';
import { MomentList } from './moment-statement.js';
import type { Moment, Moments } from './moment.js';
import { PermissionReader } from './permission-reader.js';
import { differentLists, namesIn } from './permission-sources.js';
import { Remembered } from './remembered.js';
import type { Stamps } from './stamps.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** What a set takes, and each name in it. The names themselves are there only once. */
const [SET_BYTES, NAME_BYTES] = [200, 40];
const weighHeld = (held: Held) => (held === 'everything' ? 0 : SET_BYTES + NAME_BYTES * held.size);

/**
 * What callers may do, for the guard of a request: of their permissions those that this service itself asks for. The
 * decision checks again on the account's own state.
 */
export class Holdings {
  private readonly rights: Statement<{ list: string }>;
  private readonly rightsThen: MomentList<{ list: string }>;
  private readonly user: Statement<{ number: number }>;
  private readonly reader: PermissionReader;
  private readonly end: Statement<{ number: number; until: number | null }>;
  private readonly reach: Statement<{ found: number }>;
  private readonly held: Remembered<Held>;
  private readonly limiting: Remembered<Held>;
  private readonly reached: Remembered<boolean>;
  /** Each name once, however many users hold it. */
  private readonly names = new Map<string, string>();

  /** @param bytes what may be remembered of it */
  constructor(
    database: ViewsDatabase,
    private readonly moments: Moments,
    stamps: Stamps,
    bytes: number,
  ) {
    const share = bytes / 3;
    this.held = new Remembered(stamps, { bytes: share, weigh: weighHeld });
    this.limiting = new Remembered(stamps, { bytes: share, weigh: weighHeld });
    this.reached = new Remembered(stamps, { bytes: share });
    this.reader = new PermissionReader(database);
    this.rights = database.prepare(
      differentLists(now, '(SELECT number FROM entities WHERE id = ?1)', 'rights'),
    );
    this.rightsThen = new MomentList(database, (at) => differentLists(at, '?3', 'rights'));
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

  of({ id, account }: Principal): Held {
    return this.held.of(
      id,
      () => this.heldBy(this.rights.all(id)),
      () => [account, id],
    );
  }

  /**
   * What a user that limits keys holds. For a deleted user it is what the user held last, or nothing when
   * that was not enough to make keys for others.
   */
  ofLimiting({ user_id, account }: AccountUser): Held {
    return this.limiting.of(
      `${account} ${user_id}`,
      () => {
        const last = this.lastOf({ user_id, account });
        if (!last) return new Set();
        if (!last.at.isPast) return this.of({ id: user_id, account });
        const held = this.heldBy(this.rightsThen.all(last.at, last.number));
        return holds(held, 'user.manage') ? held : new Set();
      },
      () => [account, user_id],
    );
  }

  /** As {@link ofLimiting}, with every permission. It is not remembered. @throws Rejection answer_too_large */
  allOfLimiting(limit: AccountUser): Held {
    const held = this.ofLimiting(limit);
    const last = this.lastOf(limit);
    if (held === 'everything' || !last || (last.at.isPast && !holds(held, 'user.manage'))) return held;
    return new Set(this.reader.of(last.at, last.number).flatMap(namesIn));
  }

  /**
   * Whether a client is shared with a group of the user.
   * @param toManage whether only a share with the right to manage counts
   */
  reaches({ user_id, account }: AccountUser, clientId: string, toManage: boolean): boolean {
    const key = `${user_id} ${clientId} ${toManage ? 1 : 0}`;
    const ask = () => this.reach.get(clientId, user_id, toManage ? 1 : 0) !== undefined;
    return this.reached.of(key, ask, () => [account, user_id]);
  }

  /** The last moment at which there was a user, maybe the present; undefined when there was none. */
  private lastOf({
    user_id,
    account,
  }: AccountUser): { readonly at: Moment; readonly number: number } | undefined {
    const present = this.user.get(user_id, account);
    if (present) return { at: this.moments.now(account), number: present.number };
    const { number, until } = this.end.get(user_id) ?? {};
    return number === undefined || !until ? undefined : { at: this.moments.at(account, until - 1), number };
  }

  private heldBy(lists: readonly { readonly list: string }[]): Held {
    const held = new Set<string>();
    for (const { list } of lists)
      for (const name of JSON.parse(list) as string[]) {
        if (name === EVERYTHING) return 'everything';
        held.add(this.once(name));
      }
    return held;
  }

  private once(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    this.names.set(name, name);
    return name;
  }
}
