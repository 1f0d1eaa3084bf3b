import type { Account } from './account.js';
import type { AccountState } from './account-state.js';
import type { SettingValue } from './client-settings.js';
import type { Group } from './group.js';
import type { Mail } from './mail.js';
import type { PasswordToken } from './password-tokens.js';
import type { Properties } from './properties.js';
import type { Role } from './role.js';
import type { User } from './user.js';

/** Raised whenever the same events lead to other entries: snapshots of another generation are of no use. */
export const GENERATION = 4;

/** So many items that neither writing nor reading an entry keeps others waiting: about a millisecond's work. */
const MOST_ITEMS = 1000;

/** The groups of one user by their numbers: those where the user may not edit, those where the user may. */
type UserGroups = readonly [user: string, viewed: readonly number[], edited: readonly number[]];
/** What somebody held last who was deleted. */
type Departed = readonly [user: string, holdings: 'everything' | readonly string[]];
type UserRoles = readonly [user: string, roles: readonly string[]];
/** Some of the values under one name; a name without values comes once with none. */
type PropertyValues = readonly [name: string, values: readonly (readonly [owner: string, value: string])[]];
type Setting = readonly [name: string, value: SettingValue];
type UserTabs = readonly [user: string, tabs: readonly (readonly [tab: string, instance: string])[]];
type UserMails = readonly [user: string, mails: readonly Mail[]];
type UserTokens = readonly [user: string, tokens: readonly PasswordToken[]];

/** The groups a client is shared with: those that may look at it, those that may change it. */
type ClientGroups = readonly [client: string, looking: readonly string[], managing: readonly string[]];

/** A slice of an account's state as plain JSON; what follows from other parts of the state is not in it. */
export type SnapshotEntry =
  | { readonly type: 'account'; readonly items: readonly Account[] }
  | { readonly type: 'roles'; readonly items: readonly Role[] }
  | { readonly type: 'groups'; readonly items: readonly Group[] }
  | { readonly type: 'users'; readonly items: readonly User[] }
  | { readonly type: 'departed'; readonly items: readonly Departed[] }
  /** Ids of the groups that memberships tell by number, from 0 in this order. */
  | { readonly type: 'numbers'; readonly items: readonly string[] }
  | { readonly type: 'memberships'; readonly items: readonly UserGroups[] }
  | { readonly type: 'assignments'; readonly items: readonly UserRoles[] }
  | { readonly type: 'settings'; readonly items: readonly Setting[] }
  | { readonly type: 'properties'; readonly items: readonly PropertyValues[] }
  | { readonly type: 'tabs'; readonly items: readonly UserTabs[] }
  | { readonly type: 'mails'; readonly items: readonly UserMails[] }
  | { readonly type: 'tokens'; readonly items: readonly UserTokens[] }
  | { readonly type: 'shares'; readonly items: readonly ClientGroups[] }
  | { readonly type: 'client-properties'; readonly items: readonly PropertyValues[] };

/** A state whose journal is empty, in slices; it must not change before the last one is taken. */
export function* snapshotOf(state: AccountState): Iterable<SnapshotEntry> {
  const roles = [...state.roles.values()].filter((role) => !role.built_in);
  const numbers = new Map([...state.memberships.byOther.keys()].map((group, number) => [group, number]));
  for (const items of slices(state.account.values())) yield { type: 'account', items };
  for (const items of slices(roles)) yield { type: 'roles', items };
  for (const items of slices(state.groups.values(), weightOfGroup)) yield { type: 'groups', items };
  for (const items of slices(state.users.values())) yield { type: 'users', items };
  for (const items of slices(state.departed, ([, held]) => 1 + held.length))
    yield { type: 'departed', items };
  for (const items of slices(numbers.keys())) yield { type: 'numbers', items };
  for (const items of slices(groupsOf(state, numbers), weight)) yield { type: 'memberships', items };
  for (const items of slices(rolesOf(state), weight)) yield { type: 'assignments', items };
  for (const items of slices(state.clientSettings, weightOfValue)) yield { type: 'settings', items };
  for (const items of slices(valuesOf(state.userProperties), weightOfValues))
    yield { type: 'properties', items };
  for (const items of slices(tabsOf(state), weightOfList)) yield { type: 'tabs', items };
  for (const items of slices(state.mails, weightOfList)) yield { type: 'mails', items };
  for (const items of slices(state.passwordTokens, weightOfList)) yield { type: 'tokens', items };
  for (const items of slices(sharesOf(state), weight)) yield { type: 'shares', items };
  for (const items of slices(valuesOf(state.clientProperties), weightOfValues))
    yield { type: 'client-properties', items };
}

function* groupsOf(
  { memberships }: AccountState,
  numbers: ReadonlyMap<string, number>,
): Iterable<UserGroups> {
  for (const [user, groups] of memberships.bySubject) {
    for (const some of slices(groups)) {
      const [viewed, edited]: [number[], number[]] = [[], []];
      for (const [group, { can_edit }] of some) (can_edit ? edited : viewed).push(numbers.get(group) ?? NaN);
      yield [user, viewed, edited];
    }
  }
}

function* rolesOf({ assignments }: AccountState): Iterable<UserRoles> {
  for (const [user, roles] of assignments.bySubject)
    for (const some of slices(roles.keys())) yield [user, some];
}

function weightOfGroup({ default_tabs }: Group): number {
  return 1 + default_tabs.length;
}

function* valuesOf(properties: Properties): Iterable<PropertyValues> {
  for (const [name, values] of properties) {
    if (values.size === 0) yield [name, []];
    for (const some of slices(values, weightOfValue)) yield [name, some];
  }
}

function* tabsOf({ tabInstances }: AccountState): Iterable<UserTabs> {
  for (const [user, tabs] of tabInstances) yield [user, [...tabs]];
}

function* sharesOf({ clientShares }: AccountState): Iterable<ClientGroups> {
  for (const [client, groups] of clientShares.bySubject) {
    for (const some of slices(groups)) {
      const [looking, managing]: [string[], string[]] = [[], []];
      for (const [group, { can_manage }] of some) (can_manage ? managing : looking).push(group);
      yield [client, looking, managing];
    }
  }
}

/** A value may be as long as many ids. */
function weightOfValue([, value]: readonly [of: string, value: SettingValue]): number {
  return 1 + Math.floor(String(value).length / 64);
}

function weightOfValues([, values]: PropertyValues): number {
  return 1 + values.reduce((sum, value) => sum + weightOfValue(value), 0);
}

function weightOfList([, list]: readonly [user: string, list: readonly unknown[]]): number {
  return list.length;
}

function weight([, ...lists]: UserGroups | UserRoles | ClientGroups): number {
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
