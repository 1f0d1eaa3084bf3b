import type { Directory } from './directory.js';
import { type Event, Message } from './message.js';
import { Rejection } from './rejection.js';

export class CreateRole extends Message<{
  readonly role_id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'CreateRole';
}

export class AddUserToRole extends Message<{ readonly role_id: string; readonly user_id: string }> {
  readonly type = 'AddUserToRole';
}

export class RemoveUserFromRole extends Message<{ readonly role_id: string; readonly user_id: string }> {
  readonly type = 'RemoveUserFromRole';
}

export type RoleCommand = CreateRole | AddUserToRole | RemoveUserFromRole;

export type RoleCreated = Event<
  'RoleCreated',
  { role_id: string; name: string; description: string; permissions: readonly string[] }
>;
export type UserAddedToRole = Event<'UserAddedToRole', { user_id: string; role_id: string }>;
export type UserRemovedFromRole = Event<'UserRemovedFromRole', { user_id: string; role_id: string }>;

export type RoleEvent = RoleCreated | UserAddedToRole | UserRemovedFromRole;

/** A role; who holds it stands beside it, in the account's state. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

/** @throws Rejection role_not_found, user_not_found, permission_escalation and the state rules of each command */
export function decideRole(command: RoleCommand, self: Role | undefined, directory: Directory): RoleEvent[] {
  if (command.type === 'CreateRole') {
    const { role_id, name, description, permissions } = command.data;
    directory.requireGrantable(permissions);
    return [{ type: 'RoleCreated', data: { role_id, name, description, permissions } }];
  }
  const { user_id, role_id } = command.data;
  if (!self) throw new Rejection('role_not_found');
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

export function evolveRole(event: RoleCreated): Role {
  const { role_id, name, description, permissions } = event.data;
  return { id: role_id, name, description, permissions, built_in: false };
}
