import type { AccountState } from '../../domain/account-state.js';
import type { DomainEvent } from '../../domain/aggregates.js';
import type { Change } from '../entry.js';
import { factsOf } from './facts.js';
import type { NamesOfThen } from './names-of-then.js';
import type { Reference } from './subjects.js';
import type { Told } from './told.js';

/** What ends with a user, a group or a role: what it was, its memberships and its assignments, on both sides. */
export function deletionOf(
  { type, data }: DomainEvent,
  [deleted]: readonly Reference[],
  before: AccountState,
  names: NamesOfThen,
): Told | undefined {
  if (!deleted) return undefined;
  const { memberships, assignments } = before;
  const ended = new Ended(deleted, names);
  switch (type) {
    case 'UserDeleted':
      for (const [id, { can_edit }] of memberships.bySubject.get(data.user_id) ?? [])
        ended.add('groups', { type: 'group', id }, 'users', { can_edit });
      for (const [id] of assignments.bySubject.get(data.user_id) ?? [])
        ended.add('roles', { type: 'role', id }, 'users');
      break;
    case 'GroupDeleted':
      for (const [id, { can_edit }] of memberships.byOther.get(data.group_id) ?? [])
        ended.add('users', { type: 'user', id }, 'groups', { can_edit });
      break;
    case 'RoleDeleted':
      for (const [id] of assignments.byOther.get(data.role_id) ?? [])
        ended.add('users', { type: 'user', id }, 'roles');
      break;
    default:
      return undefined;
  }
  return ended.told(before);
}

/** Collects the pairs that end with one of their sides. */
class Ended {
  private readonly others: Reference[] = [];
  private readonly changes: Change[] = [];

  constructor(
    private readonly deleted: Reference,
    private readonly names: NamesOfThen,
  ) {}

  /** @param field what the pairs are called on the deleted side @param back and on the other */
  add(field: string, other: Reference, back: string, more: object = {}): void {
    this.others.push(other);
    const side = ({ id, type }: Reference) => ({ id, name: this.names.before({ type, id }), ...more });
    this.changes.push({ field, before: side(other), after: null, of: 0 });
    this.changes.push({ field: back, before: side(this.deleted), after: null, of: this.others.length });
  }

  told(before: AccountState): Told {
    const facts = Object.entries(factsOf(before, this.deleted)).filter(([, was]) => !isNothing(was));
    const own = facts.map(([field, was]) => ({ field, before: was, after: null, of: 0 }));
    return { changes: [...own, ...this.changes], ended: this.others };
  }
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
