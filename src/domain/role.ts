import { noTexts, requireTexts, requireTrimmed } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { builtInRoles } from './built-in-roles.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { RoleDeleted } from './followed-events.js';
import { type FormerRole, formerRole, type RoleParts } from './former-role.js';
import { JournaledMap } from './journaled-map.js';
import { type Limits, requireFew } from './limits.js';
import { withoutEverything, newlyGiven, sameList } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, text } from './shape.js';
import { freeTextRule, nameRule } from './text.js';

export class CreateRole extends AccountCommand<{
  readonly role_id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'CreateRole';
}

/** Absent fields stay as they are; `permissions` replaces the whole set. */
export class UpdateRole extends AccountCommand<{
  readonly role_id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
}> {
  readonly type = 'UpdateRole';
}

/** Takes these permissions from the role; what it does not have is passed over. */
export class RemoveRolePermissions extends AccountCommand<{
  readonly role_id: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'RemoveRolePermissions';
}

export class DeleteRole extends AccountCommand<{ readonly role_id: string }> {
  readonly type = 'DeleteRole';
}

type RoleCommand = CreateRole | UpdateRole | RemoveRolePermissions | DeleteRole;

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
export type RoleEvent =
  RoleCreated | RoleRenamed | RoleDescriptionChanged | RolePermissionsReplaced | RoleDeleted;

/** A role. Its holders are in another part of the account's state. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

type Roles = JournaledMap<Role>;

function admit(
  { data }: CreateRole | UpdateRole,
  { roles }: { readonly roles: Roles },
  limits: Limits,
): void {
  const self = roles.get(data.role_id);
  requireTexts({ name: nameRule, description: freeTextRule }, data, self);
  requireTrimmed(limits, data.permissions, self?.permissions);
}

/** @throws Rejection role_not_found, permission_escalation, built_in_role, quota_exceeded */
function decide(command: RoleCommand, roles: Roles, questions: Questions): RoleEvent[] {
  if (command.type === 'CreateRole') {
    const { role_id, name, description, permissions } = command.data;
    questions.requireRoom('roles', roles.size);
    questions.requireGrantable(permissions);
    return [{ type: 'RoleCreated', data: { role_id, name, description, permissions } }];
  }
  const self = roles.get(command.data.role_id);
  if (!self) throw new Rejection('role_not_found');
  const role_id = self.id;
  switch (command.type) {
    case 'UpdateRole':
      return update(command, self, questions);
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
  }
}

function update({ data }: UpdateRole, self: Role, questions: Questions): RoleEvent[] {
  const { role_id, name, description, permissions } = data;
  if (permissions) questions.requireGrantable(newlyGiven(self.permissions, permissions));
  requireNotBuiltIn(self);
  const events: RoleEvent[] = [];
  if (name !== undefined && name !== self.name) events.push({ type: 'RoleRenamed', data: { role_id, name } });
  if (description !== undefined && description !== self.description)
    events.push({ type: 'RoleDescriptionChanged', data: { role_id, description } });
  if (permissions && !sameList(permissions, self.permissions))
    events.push({ type: 'RolePermissionsReplaced', data: { role_id, permissions } });
  return events;
}

function requireNotBuiltIn(role: Role): void {
  if (role.built_in) throw new Rejection('built_in_role');
}

function evolve(self: Role | undefined, event: RoleEvent): Role | undefined {
  if (event.type === 'RoleCreated') {
    const { role_id, permissions, ...facts } = event.data;
    return { id: role_id, ...facts, permissions: withoutEverything(permissions), built_in: false };
  }
  if (!self) throw new Error(`${event.type} for a role that does not exist`);
  switch (event.type) {
    case 'RoleRenamed':
      return { ...self, name: event.data.name };
    case 'RoleDescriptionChanged':
      return { ...self, description: event.data.description };
    case 'RolePermissionsReplaced':
      return { ...self, permissions: withoutEverything(event.data.permissions) };
    case 'RoleDeleted':
      return undefined;
  }
}

export const role = aggregate<RoleCommand, RoleEvent, RoleParts>()({
  /** `formerRoles` has what each deleted role had last, whether it was restored since or not. */
  state: (journal) => {
    const roles = new JournaledMap<Role>(journal);
    for (const one of builtInRoles) roles.put(one.id, one);
    return { roles, formerRoles: new JournaledMap<FormerRole>(journal) };
  },
  commands: {
    CreateRole: { class: CreateRole, needs: 'user.manage', admit },
    UpdateRole: { class: UpdateRole, needs: 'user.manage', admit },
    RemoveRolePermissions: {
      class: RemoveRolePermissions,
      needs: 'user.manage',
      admit: ({ data }, _, limits) => requireFew(limits, 'permissions', data.permissions.length),
    },
    DeleteRole: { class: DeleteRole, needs: 'user.manage', admit: noTexts },
  },
  events: {
    RoleCreated: told('create', 'created the role {role}', {
      role_id: id,
      name: text,
      description: text,
      permissions: list(text),
    }),
    RoleRenamed: told('update', 'renamed the role {role} to {name}', { role_id: id, name: text }),
    RoleDescriptionChanged: told('update', 'changed the description of the role {role}', {
      role_id: id,
      description: text,
    }),
    RolePermissionsReplaced: told('permission', 'changed the permissions of the role {role}', {
      role_id: id,
      permissions: list(text),
    }),
    RoleDeleted: told('delete', 'deleted the role {role}', { role_id: id }),
  },
  decide: (command, { roles }, questions) => decide(command, roles, questions),
  evolve: (state, { event }) => {
    const { roles, formerRoles } = state;
    const { role_id } = event.data;
    if (event.type === 'RoleDeleted') formerRoles.replace(role_id, formerRole(state, role_id));
    roles.replace(role_id, evolve(roles.get(role_id), event));
  },
});
