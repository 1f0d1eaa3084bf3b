import type { AccountState } from '../../domain/account-state.js';
import type { DomainEvent } from '../../domain/aggregates.js';
import type { Change } from '../entry.js';
import { type Facts, factsOf } from './facts.js';
import type { NamesOfThen } from './names-of-then.js';
import { Pairs } from './pairs.js';
import type { Reference } from './subjects.js';
import type { Told } from './told.js';

/** What ends with a user, group, role or webhook: what it was and had, and its pairs with others, on both sides. */
export function deletionOf(
  { type, data }: DomainEvent,
  [deleted]: readonly Reference[],
  before: AccountState,
  names: NamesOfThen,
): Told | undefined {
  if (!deleted) return undefined;
  const { memberships, assignments, clientShares } = before;
  const pairs = new Pairs(deleted, names, (side) => ({ before: side, after: null }));
  switch (type) {
    case 'UserDeleted':
      for (const [id, { can_edit }] of memberships.bySubject.get(data.user_id) ?? [])
        pairs.add('groups', { type: 'group', id }, 'users', { can_edit });
      for (const [id] of assignments.bySubject.get(data.user_id) ?? [])
        pairs.add('roles', { type: 'role', id }, 'users');
      break;
    case 'GroupDeleted':
      for (const [id, { can_edit }] of memberships.byOther.get(data.group_id) ?? [])
        pairs.add('users', { type: 'user', id }, 'groups', { can_edit });
      for (const [id, { can_manage }] of clientShares.byOther.get(data.group_id) ?? [])
        pairs.add('share_rights', { type: 'client', id }, 'share_rights', { can_manage });
      break;
    case 'RoleDeleted':
      for (const [id] of assignments.byOther.get(data.role_id) ?? [])
        pairs.add('users', { type: 'user', id }, 'roles');
      break;
    case 'WebhookDeleted':
      break;
    default:
      return undefined;
  }
  const told = pairs.told({ ...factsOf(before, deleted), ...possessionsOf(deleted, before) });
  return { ...told, changes: [...told.changes, ...keysOf(deleted, before, names)] };
}

/** The keys that die with a user, as the entry of a revocation shows each. */
function keysOf({ type, id: user }: Reference, { apiKeys }: AccountState, names: NamesOfThen): Change[] {
  const keys = type === 'user' ? (apiKeys.get(user) ?? []) : [];
  return keys.map(({ id }) => ({ field: 'keys', before: { id, name: names.key(id) }, after: null, of: 0 }));
}

/** What a user or group has of its own, by the API's field names. */
function possessionsOf({ type, id }: Reference, before: AccountState): Facts {
  if (type === 'group') return { default_tabs: before.defaultTabs.get(id) };
  if (type !== 'user') return {};
  const { userProperties, tabInstances } = before;
  const properties = [...userProperties].flatMap(([name, values]) => {
    const value = values.get(id);
    return value === undefined ? [] : [[name, value]];
  });
  const tabs = [...(tabInstances.get(id) ?? [])];
  return {
    properties: Object.fromEntries(properties) as object,
    tab_instances: tabs.map(([tab_id, tab_instance_id]) => ({ tab_instance_id, tab_id })),
  };
}
