import { ShareClient, UnshareClient } from '../../domain/client-shares.js';
import { UpdateGroup } from '../../domain/group.js';
import { RestoreGroup } from '../../domain/group-restoration.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../domain/membership.js';
import { type Inverse, step } from './inverse.js';
import { sameFields, samePair, sameThing } from './later.js';
import { factsAfter, factsBefore, idsOf } from './revertible.js';

const fields: Inverse = {
  steps: (event) => {
    // What an entry says of a field was written by a command, so it has the type that commands take.
    const facts = factsBefore(event) as Partial<UpdateGroup['data']>;
    const { group_id } = idsOf(event);
    return step(new UpdateGroup(event.account, { group_id, ...facts }, event.meta), factsAfter(event));
  },
  later: sameFields,
};

const laterMemberships = samePair('UserAddedToGroup', 'UserRemovedFromGroup', 'MembershipChanged');

const share: Inverse = {
  steps: (event) => {
    const { client_id, group_id } = idsOf(event);
    const { before = null, after = null } = event.changes[0] ?? {};
    if (before === null)
      return step(new UnshareClient(event.account, { client_id, group_id }, event.meta), after);
    const shares = [{ group_id, can_manage: before === true }];
    return step(new ShareClient(event.account, { client_id, shares }, event.meta), [after]);
  },
  later: samePair('ClientShared', 'ClientUnshared'),
};

/** How events about groups, their members and their share rights are taken back. */
export const groupInverses = {
  GroupRenamed: fields,
  GroupDescriptionChanged: fields,
  GroupExternalIdChanged: fields,
  GroupPermissionsReplaced: fields,
  UserAddedToGroup: {
    steps: (event) => {
      const { user_id, group_id } = idsOf(event);
      const command = new RemoveUserFromGroup(event.account, { user_id, group_id }, event.meta);
      return step(command, mayEdit(event.changes[0]?.after));
    },
    later: laterMemberships,
  },
  UserRemovedFromGroup: {
    steps: (event) => {
      const { user_id, group_id } = idsOf(event);
      const can_edit = mayEdit(event.changes[0]?.before);
      return step(new AddUserToGroup(event.account, { user_id, group_id, can_edit }, event.meta), null);
    },
    later: laterMemberships,
  },
  MembershipChanged: {
    steps: (event) => {
      const { user_id, group_id } = idsOf(event);
      const { before, after } = event.changes[0] ?? {};
      const data = { user_id, group_id, can_edit: before === true };
      return step(new AddUserToGroup(event.account, data, event.meta), after);
    },
    later: laterMemberships,
  },
  ClientShared: share,
  ClientUnshared: share,
  GroupDeleted: {
    steps: (event) => {
      const { group_id } = idsOf(event);
      return step(new RestoreGroup(event.account, { group_id, whole: true }, event.meta), false);
    },
    later: sameThing,
  },
} as const satisfies Readonly<Record<string, Inverse>>;

/** Of one side of a membership. */
function mayEdit(side: unknown): boolean {
  return typeof side === 'object' && side !== null && 'can_edit' in side && side.can_edit === true;
}
