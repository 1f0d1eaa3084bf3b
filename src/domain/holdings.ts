import { adminRole } from './built-in-roles.js';
import type { JournaledMap } from './journaled-map.js';
import type { Holdings } from './permissions.js';

interface ByKey<V> {
  get(key: string): V | undefined;
  has(key: string): boolean;
}

type Permitted = ByKey<{ readonly permissions: readonly string[] }>;

interface Related {
  readonly bySubject: ReadonlyMap<string, ByKey<unknown> & { keys(): Iterable<string> }>;
}

/** The parts of an account's state that say what its users hold. */
export interface Holders {
  readonly users: Permitted;
  readonly roles: Permitted;
  readonly groups: Permitted;
  readonly assignments: Related;
  readonly memberships: Related;
}

/** What deleted users held last, of those with `user.manage`: they may have made keys for others. */
export type LastHoldings = JournaledMap<'everything' | readonly string[]>;

/** Everything a user holds by roles, groups and individually. */
export function holdingsOf(state: Holders, userId: string): Holdings {
  const user = state.users.get(userId);
  if (!user) return new Set();
  const roles = state.assignments.bySubject.get(userId);
  if (roles?.has(adminRole.id)) return 'everything';
  const held = new Set(user.permissions);
  for (const id of roles?.keys() ?? [])
    for (const name of state.roles.get(id)?.permissions ?? []) held.add(name);
  for (const id of state.memberships.bySubject.get(userId)?.keys() ?? [])
    for (const name of state.groups.get(id)?.permissions ?? []) held.add(name);
  return held;
}

/** What a user that limits a key holds. A deleted user counts with what it held last if that had `user.manage`, else with nothing. */
export function holdingsOfIssuer(
  state: Holders & { readonly lastHoldings: LastHoldings },
  userId: string,
): Holdings {
  if (state.users.has(userId)) return holdingsOf(state, userId);
  const last = state.lastHoldings.get(userId) ?? [];
  return last === 'everything' ? last : new Set(last);
}
