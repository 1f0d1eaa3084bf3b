import type { AnyCommand } from '../../domain/aggregate.js';
import { AddUserToRole, RemoveUserFromRole } from '../../domain/assignment.js';
import { ShareClient, UnshareClient } from '../../domain/client-shares.js';
import type { CommandMeta } from '../../domain/command.js';
import { UpdateGroup } from '../../domain/group.js';
import { RestoreGroup } from '../../domain/group-restoration.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../domain/membership.js';
import type { RevertStep } from '../../domain/revert.js';
import { UpdateRole } from '../../domain/role.js';
import { RestoreRole } from '../../domain/role-restoration.js';
import { AddUserTabInstances, RemoveUserTabInstance, type TabInstance } from '../../domain/tab-instances.js';
import { ReplaceUserPermissions, UpdateUser } from '../../domain/user.js';
import { SetUserProperties } from '../../domain/user-properties.js';
import { RestoreUser } from '../../domain/user-restoration.js';
import type { ShownEntry } from '../answers.js';

/** What an entry of the log says, as far as its inverse needs it. */
export type Revertible = Pick<ShownEntry, 'event' | 'subjects' | 'changes' | 'revision'>;

/** @returns the inverse of one event; undefined for an event that has none */
export function inverseOf(
  { event, subjects, changes }: Revertible,
  account: string,
  meta: CommandMeta,
): readonly RevertStep[] | undefined {
  const id = (type: string) => subjects.find((one) => one.type === type)?.id ?? '';
  const [user_id, group_id, role_id, client_id] = [id('user'), id('group'), id('role'), id('client')];
  const [first] = changes;
  const one = (command: AnyCommand, replaces: unknown): RevertStep[] => [{ command, replaces }];
  const before = Object.fromEntries(changes.map(({ field, before: was }) => [field, was]));
  const after = changes.map((change) => change.after ?? null);
  switch (event) {
    case 'UserRenamed':
    case 'UserEmailChanged':
    case 'UserExternalIdChanged':
      return one(new UpdateUser(account, { user_id, ...before }, meta), after);
    case 'GroupRenamed':
    case 'GroupDescriptionChanged':
    case 'GroupExternalIdChanged':
    case 'GroupPermissionsReplaced':
      return one(new UpdateGroup(account, { group_id, ...before }, meta), after);
    case 'RoleRenamed':
    case 'RoleDescriptionChanged':
    case 'RolePermissionsReplaced':
      return one(new UpdateRole(account, { role_id, ...before }, meta), after);
    case 'UserPermissionsReplaced': {
      const permissions = first?.before as readonly string[];
      return one(new ReplaceUserPermissions(account, { user_id, permissions }, meta), after);
    }
    case 'UserAddedToGroup':
      return one(new RemoveUserFromGroup(account, { user_id, group_id }, meta), editing(first?.after));
    case 'UserRemovedFromGroup': {
      const can_edit = editing(first?.before);
      return one(new AddUserToGroup(account, { user_id, group_id, can_edit }, meta), null);
    }
    case 'MembershipChanged': {
      const can_edit = first?.before === true;
      return one(new AddUserToGroup(account, { user_id, group_id, can_edit }, meta), first?.after);
    }
    case 'UserAddedToRole':
      return one(new RemoveUserFromRole(account, { user_id, role_id }, meta), true);
    case 'UserRemovedFromRole':
      return one(new AddUserToRole(account, { user_id, role_id }, meta), null);
    case 'ClientShared':
      if (first?.before === null)
        return one(new UnshareClient(account, { client_id, group_id }, meta), first.after);
      return one(sharing(first?.before), after);
    case 'ClientUnshared':
      return one(sharing(first?.before), [null]);
    case 'UserPropertiesSet': {
      const properties = first?.before as Readonly<Record<string, string>>;
      return one(
        new SetUserProperties(account, { user_id, properties }, meta),
        Object.values(Object(first?.after) as object),
      );
    }
    case 'UserTabInstancesAdded':
      return (first?.after as readonly TabInstance[]).map(({ tab_instance_id }) => ({
        command: new RemoveUserTabInstance(account, { user_id, tab_instance_id }, meta),
        replaces: true,
      }));
    case 'UserTabInstanceRemoved': {
      const instances = first?.before as readonly TabInstance[];
      return one(
        new AddUserTabInstances(account, { user_id, instances }, meta),
        instances.map(() => null),
      );
    }
    case 'UserDeleted':
      return one(new RestoreUser(account, { user_id, whole: true }, meta), false);
    case 'GroupDeleted':
      return one(new RestoreGroup(account, { group_id, whole: true }, meta), false);
    case 'RoleDeleted':
      return one(new RestoreRole(account, { role_id }, meta), false);
    default:
      return undefined;
  }

  function sharing(can_manage: unknown): ShareClient {
    const shares = [{ group_id, can_manage: can_manage === true }];
    return new ShareClient(account, { client_id, shares }, meta);
  }
}

/** Of one side of a membership. */
function editing(side: unknown): boolean {
  return typeof side === 'object' && side !== null && 'can_edit' in side && side.can_edit === true;
}
