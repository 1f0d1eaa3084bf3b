import type { Directory } from './directory.js';
import { type Event, Message } from './message.js';
import { newlyGiven, sameList } from './permissions.js';
import { Rejection } from './rejection.js';

export class CreateRole extends Message<{
  readonly role_id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'CreateRole';
}

/** Absent fields stay as they are; `permissions` replaces the whole set. */
export class UpdateRole extends Message<{
  readonly role_id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
}> {
  readonly type = 'UpdateRole';
}

/** Takes these permissions from the role; what it does not have is passed over. */
export class RemoveRolePermissions extends Message<{
  readonly role_id: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'RemoveRolePermissions';
}

export class DeleteRole extends Message<{ readonly role_id: string }> {
  readonly type = 'DeleteRole';
}

export class AddUserToRole extends Message<{ readonly role_id: string; readonly user_id: string }> {
  readonly type = 'AddUserToRole';
}

export class RemoveUserFromRole extends Message<{ readonly role_id: string; readonly user_id: string }> {
  readonly type = 'RemoveUserFromRole';
}

export type RoleCommand =
  CreateRole | UpdateRole | RemoveRolePermissions | DeleteRole | AddUserToRole | RemoveUserFromRole;

export type RoleCreated = Event<
  'RoleCreated',
  { role_id: string; name: string; description: string; permissions: readonly string[] }
>;
export type RoleRenamed = Event<'RoleRenamed', { role_id: string; name: string }>;
export type RoleDescriptionChanged = Event<
  'RoleDescriptionChanged',
  { role_id: string; description: string }
>;
export type RolePermissionsReplaced = Event<
  'RolePermissionsReplaced',
  { role_id: string; permissions: readonly string[] }
>;
/** The role is gone and with it every assignment of it. */
export type RoleDeleted = Event<'RoleDeleted', { role_id: string }>;
export type UserAddedToRole = Event<'UserAddedToRole', { user_id: string; role_id: string }>;
export type UserRemovedFromRole = Event<'UserRemovedFromRole', { user_id: string; role_id: string }>;

/** The events that change the role itself rather than who holds it. */
export type RoleFactEvent =
  RoleCreated | RoleRenamed | RoleDescriptionChanged | RolePermissionsReplaced | RoleDeleted;

export type RoleEvent = RoleFactEvent | UserAddedToRole | UserRemovedFromRole;

/** A role; who holds it stands beside it, in the account's state. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

/** @throws Rejection role_not_found, user_not_found, permission_escalation, built_in_role and the state rules of each command */
export function decideRole(command: RoleCommand, self: Role | undefined, directory: Directory): RoleEvent[] {
  if (command.type === 'CreateRole') {
    const { role_id, name, description, permissions } = command.data;
    directory.requireGrantable(permissions);
    return [{ type: 'RoleCreated', data: { role_id, name, description, permissions } }];
  }
  if (!self) throw new Rejection('role_not_found');
  const role_id = self.id;
  switch (command.type) {
    case 'UpdateRole':
      return update(command, self, directory);
    case 'RemoveRolePermissions': {
      requireNotBuiltIn(self);
      const taken = new Set(command.data.permissions);
      const permissions = self.permissions.filter((permission) => !taken.has(permission));
      if (permissions.length === self.permissions.length) return [];
      return [{ type: 'RolePermissionsReplaced', data: { role_id, permissions } }];
    }
    case 'DeleteRole':
      requireNotBuiltIn(self);
      return [{ type: 'RoleDeleted', data: { role_id } }];
    case 'AddUserToRole':
    case 'RemoveUserFromRole':
      return assign(command, directory);
  }
}

function update({ data }: UpdateRole, self: Role, directory: Directory): RoleEvent[] {
  const { role_id, name, description, permissions } = data;
  if (permissions) directory.requireGrantable(newlyGiven(self.permissions, permissions));
  requireNotBuiltIn(self);
  const events: RoleEvent[] = [];
  if (name !== undefined && name !== self.name) events.push({ type: 'RoleRenamed', data: { role_id, name } });
  if (description !== undefined && description !== self.description)
    events.push({ type: 'RoleDescriptionChanged', data: { role_id, description } });
  if (permissions && !sameList(permissions, self.permissions))
    events.push({ type: 'RolePermissionsReplaced', data: { role_id, permissions } });
  return events;
}

function assign(command: AddUserToRole | RemoveUserFromRole, directory: Directory): RoleEvent[] {
  const { user_id, role_id } = command.data;
  if (!directory.user(user_id)) throw new Rejection('user_not_found');
  const held = directory.hasRole(user_id, role_id);
  switch (command.type) {
    case 'AddUserToRole':
      if (held) throw new Rejection('user_already_has_role');
      directory.requireGrantable(directory.holdingsOfRole(role_id));
      return [{ type: 'UserAddedToRole', data: { user_id, role_id } }];
    case 'RemoveUserFromRole':
      if (!held) throw new Rejection('user_does_not_have_role');
      if (directory.isLastAdmin(user_id, role_id)) throw new Rejection('admin_role_requires_user');
      return [{ type: 'UserRemovedFromRole', data: { user_id, role_id } }];
  }
}

function requireNotBuiltIn(role: Role): void {
  if (role.built_in) throw new Rejection('built_in_role');
}

export function evolveRole(self: Role | undefined, event: RoleFactEvent): Role | undefined {
  if (event.type === 'RoleCreated') {
    const { role_id, ...facts } = event.data;
    return { id: role_id, ...facts, built_in: false };
  }
  if (!self) throw new Error(`${event.type} for a role that does not exist`);
  switch (event.type) {
    case 'RoleRenamed':
      return { ...self, name: event.data.name };
    case 'RoleDescriptionChanged':
      return { ...self, description: event.data.description };
    case 'RolePermissionsReplaced':
      return { ...self, permissions: event.data.permissions };
    case 'RoleDeleted':
      return undefined;
  }
}
