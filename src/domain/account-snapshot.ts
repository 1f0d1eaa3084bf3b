import type { Account } from './account.js';
import type { AccountState } from './account-state.js';
import type { Group, Membership } from './group.js';
import { fillRelation, type Relation } from './relation.js';
import type { Role } from './role.js';
import { emailKey, type User } from './user.js';

/** Raised whenever the same events lead to other entries: snapshots of another generation are of no use. */
export const GENERATION = 1;

/** So many items that neither writing nor reading an entry keeps others waiting: about a millisecond's work. */
const MOST_ITEMS = 1000;

/** The groups of one user: those in which the user may not edit, and those in which the user may. */
type UserGroups = readonly [user: string, viewed: readonly string[], edited: readonly string[]];
type UserRoles = readonly [user: string, roles: readonly string[]];

/** A slice of an account's state as plain JSON. Keys of users and groups are not in it, as they follow from the rest. */
export type SnapshotEntry =
  | { readonly type: 'account'; readonly items: readonly Account[] }
  | { readonly type: 'roles'; readonly items: readonly Role[] }
  | { readonly type: 'groups'; readonly items: readonly Group[] }
  | { readonly type: 'users'; readonly items: readonly User[] }
  | { readonly type: 'memberships'; readonly items: readonly UserGroups[] }
  | { readonly type: 'assignments'; readonly items: readonly UserRoles[] };

/** A state whose journal is empty, in slices; the state must not change before the last one is taken. */
export function* snapshotOf(state: AccountState): Iterable<SnapshotEntry> {
  const roles = [...state.roles.values()].filter((role) => !role.built_in);
  for (const items of slices(state.account.values())) yield { type: 'account', items };
  for (const items of slices(roles)) yield { type: 'roles', items };
  for (const items of slices(state.groups.values())) yield { type: 'groups', items };
  for (const items of slices(state.users.values())) yield { type: 'users', items };
  for (const items of slices(groupsOf(state.memberships), weight)) yield { type: 'memberships', items };
  for (const items of slices(rolesOf(state.assignments), weight)) yield { type: 'assignments', items };
}

/** Adds a slice to a state that began empty, in the order in which {@link snapshotOf} gave them; the journal stays empty. */
export function restore(state: AccountState, entry: SnapshotEntry): void {
  switch (entry.type) {
    case 'account':
      for (const account of entry.items) state.account.fill('account', account);
      return;
    case 'roles':
      for (const role of entry.items) state.roles.fill(role.id, role);
      return;
    case 'groups':
      for (const group of entry.items) restoreGroup(state, group);
      return;
    case 'users':
      for (const user of entry.items) restoreUser(state, user);
      return;
    case 'memberships':
      for (const [user, viewed, edited] of entry.items) {
        fillRelation(state.memberships, known(state.users, user), knownAll(state.groups, viewed), viewer);
        fillRelation(state.memberships, known(state.users, user), knownAll(state.groups, edited), editor);
      }
      return;
    case 'assignments':
      for (const [user, roles] of entry.items)
        fillRelation(state.assignments, known(state.users, user), knownAll(state.roles, roles), true);
  }
}

// A million memberships share these two.
const viewer: Membership = { can_edit: false };
const editor: Membership = { can_edit: true };

function restoreGroup(state: AccountState, group: Group): void {
  state.groups.fill(group.id, group);
  if (group.external_id !== null) state.groupByExternalId.fill(group.external_id, group.id);
}

function restoreUser(state: AccountState, user: User): void {
  state.users.fill(user.id, user);
  state.userByEmail.fill(emailKey(user.email), user.id);
  if (user.external_id !== null) state.userByExternalId.fill(user.external_id, user.id);
}

/** The id as it is in memory already, lest every membership keeps copies of its own. */
function known(
  map: AccountState['users'] | AccountState['groups'] | AccountState['roles'],
  id: string,
): string {
  return map.get(id)?.id ?? id;
}

function knownAll(map: Parameters<typeof known>[0], ids: readonly string[]): readonly string[] {
  return ids.map((id) => known(map, id));
}

function* groupsOf(memberships: Relation<Membership>): Iterable<UserGroups> {
  for (const [user, groups] of memberships.byUser) {
    for (const some of slices(groups)) {
      const idsWhere = (can_edit: boolean) =>
        some.filter(([, membership]) => membership.can_edit === can_edit).map(([id]) => id);
      yield [user, idsWhere(false), idsWhere(true)];
    }
  }
}

function* rolesOf(assignments: Relation<true>): Iterable<UserRoles> {
  for (const [user, roles] of assignments.byUser) for (const some of slices(roles.keys())) yield [user, some];
}

function weight([, ...lists]: UserGroups | UserRoles): number {
  return lists.reduce((sum, ids) => sum + ids.length, 0);
}

function* slices<Item>(items: Iterable<Item>, weigh: (item: Item) => number = () => 1): Iterable<Item[]> {
  let [slice, total]: [Item[], number] = [[], 0];
  for (const item of items) {
    slice.push(item);
    total += weigh(item);
    if (total < MOST_ITEMS) continue;
    yield slice;
    [slice, total] = [[], 0];
  }
  if (slice.length > 0) yield slice;
}
