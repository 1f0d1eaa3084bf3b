import { noTexts, requireNamed, requireTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { GroupDeleted } from './followed-events.js';
import { type FormerGroup, formerGroup, type GroupParts } from './former-group.js';
import { requireFreeExternalId } from './free-keys.js';
import { JournaledMap } from './journaled-map.js';
import type { Limits } from './limits.js';
import { withoutEverything, newlyGiven, sameList } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, text, textOrNull } from './shape.js';
import { externalIdRule, freeTextRule, nameRule } from './text.js';

export class CreateGroup extends AccountCommand<{
  readonly group_id: string;
  readonly name: string;
  readonly description: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
}> {
  readonly type = 'CreateGroup';
}

/** Absent fields stay as they are; `external_id: null` clears it; `permissions` replaces the whole set. */
export class UpdateGroup extends AccountCommand<{
  readonly group_id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly external_id?: string | null | undefined;
  readonly permissions?: readonly string[] | undefined;
}> {
  readonly type = 'UpdateGroup';
}

export class DeleteGroup extends AccountCommand<{ readonly group_id: string }> {
  readonly type = 'DeleteGroup';
}

type GroupCommand = CreateGroup | UpdateGroup | DeleteGroup;

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
export type GroupEvent =
  | GroupCreated
  | GroupRenamed
  | GroupDescriptionChanged
  | GroupExternalIdChanged
  | GroupPermissionsReplaced
  | GroupDeleted;

export type Groups = JournaledMap<Group, 'external_id'>;

export type FormerGroups = JournaledMap<FormerGroup>;

/** A group. Its members are in another part of the account's state. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

const texts = { name: nameRule, description: freeTextRule, external_id: externalIdRule };

function admit(
  { data }: CreateGroup | UpdateGroup,
  { groups }: { readonly groups: Groups },
  limits: Limits,
): void {
  const self = groups.get(data.group_id);
  requireTexts(texts, data, self);
  requireNamed(limits, data.permissions, self?.permissions);
}

/** @throws Rejection group_not_found, built_in_group, permission_escalation, external_id_in_use */
function decide(command: GroupCommand, groups: Groups, questions: Questions): GroupEvent[] {
  if (command.type === 'CreateGroup') return create(command, groups, questions);
  const self = groups.get(command.data.group_id);
  if (!self) throw new Rejection('group_not_found');
  if (command.type === 'UpdateGroup') return update(command, self, groups, questions);
  requireNotBuiltIn(self);
  return [{ type: 'GroupDeleted', data: { group_id: self.id } }];
}

function create({ data }: CreateGroup, groups: Groups, questions: Questions): GroupEvent[] {
  const { group_id, name, description, external_id, permissions } = data;
  questions.requireRoom('groups', groups.size);
  questions.requireGrantable(permissions);
  requireFreeExternalId(external_id, group_id, groups);
  return [{ type: 'GroupCreated', data: { group_id, name, description, external_id, permissions } }];
}

function update({ data }: UpdateGroup, self: Group, groups: Groups, questions: Questions): GroupEvent[] {
  const { group_id, name, description, external_id, permissions } = data;
  if (permissions) questions.requireGrantable(newlyGiven(self.permissions, permissions));
  requireNotBuiltIn(self);
  const events: GroupEvent[] = [];
  if (name !== undefined && name !== self.name)
    events.push({ type: 'GroupRenamed', data: { group_id, name } });
  if (description !== undefined && description !== self.description)
    events.push({ type: 'GroupDescriptionChanged', data: { group_id, description } });
  if (external_id !== undefined && external_id !== self.external_id) {
    requireFreeExternalId(external_id, group_id, groups);
    events.push({ type: 'GroupExternalIdChanged', data: { group_id, external_id } });
  }
  if (permissions && !sameList(permissions, self.permissions))
    events.push({ type: 'GroupPermissionsReplaced', data: { group_id, permissions } });
  return events;
}

function requireNotBuiltIn(group: Group): void {
  if (group.built_in) throw new Rejection('built_in_group');
}

function evolve(self: Group | undefined, event: GroupEvent): Group | undefined {
  if (event.type === 'GroupCreated') {
    const { group_id, permissions, ...facts } = event.data;
    return { id: group_id, ...facts, permissions: withoutEverything(permissions), built_in: false };
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
      return { ...self, permissions: withoutEverything(event.data.permissions) };
    case 'GroupDeleted':
      return undefined;
  }
}

function openAllUsers(groups: Groups, id: string): void {
  const description = 'All of the users in your company';
  const facts = { name: 'All Users', description, external_id: null, permissions: [] };
  groups.set(id, { id, ...facts, built_in: true });
}

export const group = aggregate<GroupCommand, GroupEvent, GroupParts>()({
  /** `formerGroups` has what each deleted group had last, whether it was restored since or not. */
  state: (journal): { readonly groups: Groups; readonly formerGroups: FormerGroups } => ({
    groups: new JournaledMap(journal, { external_id: (one: Group) => one.external_id }),
    formerGroups: new JournaledMap(journal),
  }),
  commands: {
    CreateGroup: { class: CreateGroup, needs: 'user.manage', admit },
    UpdateGroup: { class: UpdateGroup, needs: 'user.manage', admit },
    DeleteGroup: { class: DeleteGroup, needs: 'user.manage', admit: noTexts },
  },
  events: {
    GroupCreated: told('create', 'created the group {group}', {
      ...{ group_id: id, name: text, description: text, external_id: textOrNull, permissions: list(text) },
    }),
    GroupRenamed: told('update', 'renamed the group {group} to {name}', { group_id: id, name: text }),
    GroupDescriptionChanged: told('update', 'changed the description of {group}', {
      ...{ group_id: id, description: text },
    }),
    GroupExternalIdChanged: told('update', 'set the external id of {group} to {external_id}', {
      ...{ group_id: id, external_id: textOrNull },
    }),
    GroupPermissionsReplaced: told('permission', 'changed the permissions of the group {group}', {
      ...{ group_id: id, permissions: list(text) },
    }),
    GroupDeleted: told('delete', 'deleted the group {group}', { group_id: id }),
  },
  decide: (command, { groups }, questions) => decide(command, groups, questions),
  evolve: (state, { event }) => {
    const { groups, formerGroups } = state;
    const { group_id } = event.data;
    if (event.type === 'GroupDeleted') formerGroups.replace(group_id, formerGroup(state, group_id));
    groups.replace(group_id, evolve(groups.get(group_id), event));
  },
  follow: {
    CompanyOpened: ({ groups }, { all_users_group_id }) => openAllUsers(groups, all_users_group_id),
    ClientOpened: ({ groups }, { all_users_group_id }) => openAllUsers(groups, all_users_group_id),
  },
});
