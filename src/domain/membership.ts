import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { Group } from './group.js';
import type { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { Relation } from './relation.js';
import { flag, id } from './shape.js';

/** Without `can_edit` a new member gets false, and one that is in the group already keeps its value. */
export class AddUserToGroup extends AccountCommand<{
  readonly group_id: string;
  readonly user_id: string;
  readonly can_edit?: boolean | undefined;
}> {
  readonly type = 'AddUserToGroup';
}

export class RemoveUserFromGroup extends AccountCommand<{
  readonly group_id: string;
  readonly user_id: string;
}> {
  readonly type = 'RemoveUserFromGroup';
}

type MembershipCommand = AddUserToGroup | RemoveUserFromGroup;

export type UserAddedToGroup = Event<
  'UserAddedToGroup',
  { user_id: string; group_id: string; can_edit: boolean }
>;
export type MembershipChanged = Event<
  'MembershipChanged',
  { user_id: string; group_id: string; can_edit: boolean }
>;
export type UserRemovedFromGroup = Event<'UserRemovedFromGroup', { user_id: string; group_id: string }>;

type MembershipEvent = UserAddedToGroup | MembershipChanged | UserRemovedFromGroup;

/** One user's place in one group. */
export interface Membership {
  readonly can_edit: boolean;
}

/** @throws Rejection group_not_found, user_not_found, built_in_group, permission_escalation, user_not_in_group, quota_exceeded */
function decide(
  command: MembershipCommand,
  group: Group | undefined,
  memberships: Relation<Membership>,
  questions: Questions,
): MembershipEvent[] {
  if (!group) throw new Rejection('group_not_found');
  const { user_id, group_id } = command.data;
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
  if (group.built_in) throw new Rejection('built_in_group');
  const membership = memberships.get(user_id, group_id);
  if (command.type === 'RemoveUserFromGroup') {
    if (!membership) throw new Rejection('user_not_in_group');
    return [{ type: 'UserRemovedFromGroup', data: { user_id, group_id } }];
  }
  const { can_edit } = command.data;
  if (!membership) {
    questions.requireRoom('memberships', memberships.bySubject.get(user_id)?.size ?? 0);
    questions.requireGrantable(group.permissions);
    questions.requireOpenable(user_id, group_id);
    return [{ type: 'UserAddedToGroup', data: { user_id, group_id, can_edit: can_edit ?? false } }];
  }
  if (can_edit === undefined || can_edit === membership.can_edit) return [];
  return [{ type: 'MembershipChanged', data: { user_id, group_id, can_edit } }];
}

export const membership = aggregate<
  MembershipCommand,
  MembershipEvent,
  { readonly groups: JournaledMap<Group, 'external_id'> }
>()({
  /** User to group. Every user is in All Users without a membership here. */
  state: (journal) => ({ memberships: new Relation<Membership>(journal) }),
  commands: {
    AddUserToGroup: { class: AddUserToGroup, needs: 'user.manage', admit: noTexts },
    RemoveUserFromGroup: { class: RemoveUserFromGroup, needs: 'user.manage', admit: noTexts },
  },
  events: {
    UserAddedToGroup: told('membership', 'added {user} to {group}', {
      user_id: id,
      group_id: id,
      can_edit: flag,
    }),
    MembershipChanged: told('membership', 'changed the membership of {user} in {group}', {
      user_id: id,
      group_id: id,
      can_edit: flag,
    }),
    UserRemovedFromGroup: told('membership', 'removed {user} from {group}', { user_id: id, group_id: id }),
  },
  decide: (command, { groups, memberships }, questions) =>
    decide(command, groups.get(command.data.group_id), memberships, questions),
  evolve: ({ memberships }, { event: { type, data } }) => {
    if (type === 'UserRemovedFromGroup') memberships.delete(data.user_id, data.group_id);
    else memberships.set(data.user_id, data.group_id, { can_edit: data.can_edit });
  },
  follow: {
    UserDeleted: ({ memberships }, { user_id }) => memberships.deleteSubject(user_id),
    GroupDeleted: ({ memberships }, { group_id }) => memberships.deleteOther(group_id),
    UserRestored: ({ memberships }, data) => {
      for (const { group_id, can_edit } of data.memberships)
        memberships.set(data.user_id, group_id, { can_edit });
    },
    GroupRestored: ({ memberships }, data) => {
      for (const { user_id, can_edit } of data.memberships)
        memberships.set(user_id, data.group_id, { can_edit });
    },
  },
});
