import type { RoleRestored } from './followed-events.js';
import type { Relation } from './relation.js';

/** What a role had just before its deletion: what an event would give back if all of it came back. */
export type FormerRole = RoleRestored['data'];

/** The parts of an account's state that tell of a role, besides the roles. */
export interface RoleParts {
  readonly assignments: Relation<true>;
}

interface Roles {
  get(key: string): Pick<FormerRole, 'name' | 'description' | 'permissions'> | undefined;
}

/** @returns undefined when there is no such role */
export function formerRole(
  state: RoleParts & { readonly roles: Roles },
  role_id: string,
): FormerRole | undefined {
  const self = state.roles.get(role_id);
  if (!self) return undefined;
  const { name, description, permissions } = self;
  const users = [...(state.assignments.byOther.get(role_id)?.keys() ?? [])].sort();
  return { role_id, name, description, permissions, users };
}
