import type { AccountState } from '../../domain/account-state.js';
import type { DomainEvent } from '../../domain/aggregates.js';
import { adminRole, builtInRoles } from '../../domain/built-in-roles.js';
import { holdingsOf } from '../../domain/holdings.js';
import { permissionCatalogue } from '../../domain/permissions.js';

const forOthers = new Set(
  builtInRoles.filter(({ id }) => id !== adminRole.id).flatMap(({ permissions }) => permissions),
);
/** Permissions of the catalogue that no built-in role but Admin holds. */
const forAdmins = new Set<string>(permissionCatalogue.filter((name) => !forOthers.has(name)));

const hasAny = (permissions: Iterable<string> = []) => [...permissions].some((name) => forAdmins.has(name));

/** Whether an event gives or takes what only Admins hold, or is about the contacts, an Admin's keys or what sends
 * the log elsewhere. */
export function isPrivileged({ type, data }: DomainEvent, before: AccountState): boolean {
  switch (type) {
    case 'ContactAssigned':
    case 'WebhookCreated':
    case 'WebhookChanged':
    case 'WebhookDeleted':
    case 'WebhookSecretRotated':
    case 'WebhookSecretSealed':
    case 'WebhookPaused':
    case 'WebhookResumed':
    case 'WebhookWarned':
    case 'WebhookDisabled':
    case 'WebhookEnabled':
      return true;
    case 'ApiKeyIssued':
    case 'ApiKeyRevoked':
      return before.assignments.get(data.user_id, adminRole.id) === true;
    case 'UserAddedToRole':
    case 'UserRemovedFromRole':
    case 'RoleDeleted':
      return isOfAdmins(before, data.role_id);
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
    case 'GroupDeleted':
      return hasAny(before.groups.get(data.group_id)?.permissions);
    case 'UserPermissionsReplaced':
      return hasAny(difference(before.users.get(data.user_id)?.permissions, data.permissions));
    case 'GroupPermissionsReplaced':
      return hasAny(difference(before.groups.get(data.group_id)?.permissions, data.permissions));
    case 'RolePermissionsReplaced':
      return hasAny(difference(before.roles.get(data.role_id)?.permissions, data.permissions));
    case 'UserDeleted': {
      const holdings = holdingsOf(before, data.user_id);
      return holdings === 'everything' || hasAny(holdings);
    }
    case 'UserRestored':
      return (
        hasAny(data.permissions) ||
        data.roles.some((id) => isOfAdmins(before, id)) ||
        data.memberships.some(({ group_id }) => hasAny(before.groups.get(group_id)?.permissions))
      );
    case 'GroupRestored':
    case 'RoleRestored':
      return hasAny(data.permissions);
    default:
      return false;
  }
}

function isOfAdmins(before: AccountState, roleId: string): boolean {
  return roleId === adminRole.id || hasAny(before.roles.get(roleId)?.permissions);
}

/** What is in one of the two and not in the other. */
function difference(before: readonly string[] = [], after: readonly string[]): string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [...before.filter((name) => !has.has(name)), ...after.filter((name) => !had.has(name))];
}
