import type { AccountState } from '../../domain/account-state.js';
import type { DomainEvent } from '../../domain/aggregates.js';
import { factsOf } from './facts.js';
import type { NamesOfThen } from './names-of-then.js';
import { Pairs } from './pairs.js';
import type { Reference } from './subjects.js';
import type { Told } from './told.js';

/** What ends with a user, a group, a role or a webhook: what it was, its memberships and its assignments, on both sides. */
export function deletionOf(
  { type, data }: DomainEvent,
  [deleted]: readonly Reference[],
  before: AccountState,
  names: NamesOfThen,
): Told | undefined {
  if (!deleted) return undefined;
  const { memberships, assignments } = before;
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
  return pairs.told(factsOf(before, deleted));
}
