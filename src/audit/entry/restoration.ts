import type { DomainEvent } from '../../domain/aggregates.js';
import type { Facts } from './facts.js';
import type { NamesOfThen } from './names-of-then.js';
import { Pairs } from './pairs.js';
import type { Reference } from './subjects.js';
import type { Told } from './told.js';

/** What comes back with a user, a group or a role: what it is and has, and its memberships, assignments and shares, on both sides. */
export function restorationOf(
  { type, data }: DomainEvent,
  [restored]: readonly Reference[],
  names: NamesOfThen,
): Told | undefined {
  if (!restored) return undefined;
  const pairs = new Pairs(restored, names, (side) => ({ before: null, after: side }));
  switch (type) {
    case 'UserRestored': {
      const { memberships, roles } = data;
      for (const { group_id: id, can_edit } of memberships)
        pairs.add('groups', { type: 'group', id }, 'users', { can_edit });
      for (const id of roles) pairs.add('roles', { type: 'role', id }, 'users');
      return pairs.told(ownOf(data));
    }
    case 'GroupRestored': {
      const { memberships, share_rights } = data;
      for (const { user_id: id, can_edit } of memberships)
        pairs.add('users', { type: 'user', id }, 'groups', { can_edit });
      for (const { client_id: id, can_manage } of share_rights)
        pairs.add('share_rights', { type: 'client', id }, 'share_rights', { can_manage });
      return pairs.told(ownOf(data));
    }
    case 'RoleRestored': {
      const { users } = data;
      for (const id of users) pairs.add('users', { type: 'user', id }, 'roles');
      return pairs.told(ownOf(data));
    }
    default:
      return undefined;
  }
}

/** What the restored thing itself is known by. */
function ownOf(data: DomainEvent['data']): Facts {
  const pairs = ['memberships', 'roles', 'users', 'share_rights'];
  const isOwn = (field: string) =>
    field === 'external_id' || !(field.endsWith('_id') || pairs.includes(field));
  return Object.fromEntries(Object.entries(data).filter(([field]) => isOwn(field)));
}
