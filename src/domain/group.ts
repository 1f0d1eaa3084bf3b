import type { Directory } from './directory.js';
import { type Event, Message } from './message.js';
import { newlyGiven, sameList } from './permissions.js';
import { Rejection } from './rejection.js';

export class CreateGroup extends Message<{
  readonly group_id: string;
  readonly name: string;
  readonly description: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
}> {
  readonly type = 'CreateGroup';
}

/** Absent fields stay as they are; `external_id: null` clears it; `permissions` replaces the whole set. */
export class UpdateGroup extends Message<{
  readonly group_id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly external_id?: string | null | undefined;
  readonly permissions?: readonly string[] | undefined;
}> {
  readonly type = 'UpdateGroup';
}

export class DeleteGroup extends Message<{ readonly group_id: string }> {
  readonly type = 'DeleteGroup';
}

/** `can_edit` absent means false for a new member and unchanged for one who is in the group already. */
export class AddUserToGroup extends Message<{
  readonly group_id: string;
  readonly user_id: string;
  readonly can_edit?: boolean | undefined;
}> {
  readonly type = 'AddUserToGroup';
}

export class RemoveUserFromGroup extends Message<{ readonly group_id: string; readonly user_id: string }> {
  readonly type = 'RemoveUserFromGroup';
}

/** Adds dashboards that members start with, by ids that are the caller's own. */
export class AddGroupDefaultTabs extends Message<{
  readonly group_id: string;
  readonly tab_ids: readonly string[];
}> {
  readonly type = 'AddGroupDefaultTabs';
}

export type GroupCommand =
  CreateGroup | UpdateGroup | DeleteGroup | AddUserToGroup | RemoveUserFromGroup | AddGroupDefaultTabs;

export type GroupCreated = Event<
  'GroupCreated',
  {
    group_id: string;
    name: string;
    description: string;
    external_id: string | null;
    permissions: readonly string[];
  }
>;
export type GroupRenamed = Event<'GroupRenamed', { group_id: string; name: string }>;
export type GroupDescriptionChanged = Event<
  'GroupDescriptionChanged',
  { group_id: string; description: string }
>;
export type GroupExternalIdChanged = Event<
  'GroupExternalIdChanged',
  { group_id: string; external_id: string | null }
>;
export type GroupPermissionsReplaced = Event<
  'GroupPermissionsReplaced',
  { group_id: string; permissions: readonly string[] }
>;
export type GroupDefaultTabsAdded = Event<
  'GroupDefaultTabsAdded',
  { group_id: string; tab_ids: readonly string[] }
>;
/** The group is gone and with it every membership in it, its default tabs and its share rights. */
export type GroupDeleted = Event<'GroupDeleted', { group_id: string }>;
export type UserAddedToGroup = Event<
  'UserAddedToGroup',
  { user_id: string; group_id: string; can_edit: boolean }
>;
export type MembershipChanged = Event<
  'MembershipChanged',
  { user_id: string; group_id: string; can_edit: boolean }
>;
export type UserRemovedFromGroup = Event<'UserRemovedFromGroup', { user_id: string; group_id: string }>;

export type GroupEvent =
  | GroupCreated
  | GroupRenamed
  | GroupDescriptionChanged
  | GroupExternalIdChanged
  | GroupPermissionsReplaced
  | GroupDefaultTabsAdded
  | GroupDeleted
  | UserAddedToGroup
  | MembershipChanged
  | UserRemovedFromGroup;

/** The events that change the group itself rather than who is in it. */
export type GroupFactEvent = Exclude<GroupEvent, UserAddedToGroup | MembershipChanged | UserRemovedFromGroup>;

/** A group; its members stand beside it, in the account's state. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
  /** In the order in which they were added. */
  readonly default_tabs: readonly string[];
  readonly built_in: boolean;
}

/** So many that a group's record stays small. */
const MOST_DEFAULT_TABS = 1000;

/** One user's place in one group. */
export interface Membership {
  readonly can_edit: boolean;
}

/** @throws Rejection group_not_found, user_not_found, built_in_group, permission_escalation, external_id_in_use, user_not_in_group, default_tab_limit */
export function decideGroup(
  command: GroupCommand,
  self: Group | undefined,
  directory: Directory,
): GroupEvent[] {
  if (command.type === 'CreateGroup') return create(command, directory);
  if (!self) throw new Rejection('group_not_found');
  switch (command.type) {
    case 'UpdateGroup':
      return update(command, self, directory);
    case 'DeleteGroup':
      requireNotBuiltIn(self);
      return [{ type: 'GroupDeleted', data: { group_id: self.id } }];
    case 'AddUserToGroup':
      return add(command, self, directory);
    case 'RemoveUserFromGroup': {
      const { user_id, group_id } = command.data;
      if (!directory.user(user_id)) throw new Rejection('user_not_found');
      requireNotBuiltIn(self);
      if (!directory.membership(user_id, group_id)) throw new Rejection('user_not_in_group');
      return [{ type: 'UserRemovedFromGroup', data: { user_id, group_id } }];
    }
    case 'AddGroupDefaultTabs': {
      const known = new Set(self.default_tabs);
      const tab_ids = [...new Set(command.data.tab_ids)].filter((tab) => !known.has(tab));
      if (tab_ids.length === 0) return [];
      if (known.size + tab_ids.length > MOST_DEFAULT_TABS) throw new Rejection('default_tab_limit');
      return [{ type: 'GroupDefaultTabsAdded', data: { group_id: self.id, tab_ids } }];
    }
  }
}

function create({ data }: CreateGroup, directory: Directory): GroupEvent[] {
  const { group_id, name, description, external_id, permissions } = data;
  directory.requireGrantable(permissions);
  requireFreeExternalId(external_id, group_id, directory);
  return [{ type: 'GroupCreated', data: { group_id, name, description, external_id, permissions } }];
}

function update({ data }: UpdateGroup, self: Group, directory: Directory): GroupEvent[] {
  const { group_id, name, description, external_id, permissions } = data;
  if (permissions) directory.requireGrantable(newlyGiven(self.permissions, permissions));
  requireNotBuiltIn(self);
  const events: GroupEvent[] = [];
  if (name !== undefined && name !== self.name)
    events.push({ type: 'GroupRenamed', data: { group_id, name } });
  if (description !== undefined && description !== self.description)
    events.push({ type: 'GroupDescriptionChanged', data: { group_id, description } });
  if (external_id !== undefined && external_id !== self.external_id) {
    requireFreeExternalId(external_id, group_id, directory);
    events.push({ type: 'GroupExternalIdChanged', data: { group_id, external_id } });
  }
  if (permissions && !sameList(permissions, self.permissions))
    events.push({ type: 'GroupPermissionsReplaced', data: { group_id, permissions } });
  return events;
}

function add({ data }: AddUserToGroup, self: Group, directory: Directory): GroupEvent[] {
  const { user_id, group_id, can_edit } = data;
  if (!directory.user(user_id)) throw new Rejection('user_not_found');
  requireNotBuiltIn(self);
  const membership = directory.membership(user_id, group_id);
  if (!membership) {
    directory.requireGrantable(self.permissions);
    directory.requireOpenable(user_id, self);
    return [{ type: 'UserAddedToGroup', data: { user_id, group_id, can_edit: can_edit ?? false } }];
  }
  if (can_edit === undefined || can_edit === membership.can_edit) return [];
  return [{ type: 'MembershipChanged', data: { user_id, group_id, can_edit } }];
}

function requireNotBuiltIn(group: Group): void {
  if (group.built_in) throw new Rejection('built_in_group');
}

function requireFreeExternalId(external_id: string | null, group_id: string, directory: Directory): void {
  const owner = external_id === null ? undefined : directory.groupWithExternalId(external_id);
  if (owner !== undefined && owner !== group_id) throw new Rejection('external_id_in_use');
}

export function evolveGroup(self: Group | undefined, event: GroupFactEvent): Group | undefined {
  if (event.type === 'GroupCreated') {
    const { group_id, ...facts } = event.data;
    return { id: group_id, ...facts, default_tabs: [], built_in: false };
  }
  if (!self) throw new Error(`${event.type} for a group that does not exist`);
  switch (event.type) {
    case 'GroupRenamed':
      return { ...self, name: event.data.name };
    case 'GroupDescriptionChanged':
      return { ...self, description: event.data.description };
    case 'GroupExternalIdChanged':
      return { ...self, external_id: event.data.external_id };
    case 'GroupPermissionsReplaced':
      return { ...self, permissions: event.data.permissions };
    case 'GroupDefaultTabsAdded':
      return { ...self, default_tabs: [...self.default_tabs, ...event.data.tab_ids] };
    case 'GroupDeleted':
      return undefined;
  }
}
