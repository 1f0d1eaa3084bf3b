import { adminRole } from '../domain/built-in-roles.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { PermissionReader } from './permission-reader.js';
import { compareSources, namesIn, type SourceRow } from './permission-sources.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** The first way, in the order of all lists, by which a user holds a permission. */
export type HeldBy = Pick<SourceRow, 'type' | 'id' | 'name'>;

/** Whether a user of an account holds a permission there. Users of a disabled account hold nothing. */
export type Held =
  | { readonly kind: 'held'; readonly by: HeldBy }
  | { readonly kind: 'not_held' | 'user_not_found' | 'account_disabled' };

/** A user or a permission that nobody knows is an answer, no error. @throws Rejection answer_too_large */
export class GetHeldPermission extends Question<Held> {
  readonly type = 'GetHeldPermission';

  constructor(
    at: Moment,
    readonly userId: string,
    readonly permission: string,
  ) {
    super(at);
  }
}

export const getHeldPermission = (database: ViewsDatabase) => {
  const user = new MomentStatement<{ number: number; status: string }>(
    database,
    (at) =>
      `SELECT number, status FROM entities JOIN users ON user = number AND ${at('users')}
       JOIN accounts ON accounts.account = ${ACCOUNT} AND ${at('accounts')}
       WHERE id = ?3 AND users.account = ${ACCOUNT}`,
  );
  const reader = new PermissionReader(database);
  return ({ at, userId, permission }: GetHeldPermission): Held => {
    const found = user.get(at, userId);
    if (!found) return { kind: 'user_not_found' };
    if (found.status === 'disabled') return { kind: 'account_disabled' };
    const giving = reader.of(at, found.number).filter((source) => gives(source, permission));
    const [first] = giving.sort(compareSources);
    if (!first) return { kind: 'not_held' };
    const { type, id, name } = first;
    return { kind: 'held', by: { type, id, name } };
  };
};

function gives(source: SourceRow, permission: string): boolean {
  if (source.type === 'role' && source.id === adminRole.id) return true;
  // Most lists do not have it: those are not parsed.
  return source.permissions.includes(JSON.stringify(permission)) && namesIn(source).includes(permission);
}
