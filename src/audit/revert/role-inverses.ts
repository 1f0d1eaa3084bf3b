import { AddUserToRole, RemoveUserFromRole } from '../../domain/assignment.js';
import { UpdateRole } from '../../domain/role.js';
import { RestoreRole } from '../../domain/role-restoration.js';
import { type Inverse, step } from './inverse.js';
import { sameFields, samePair, sameThing } from './later.js';
import { factsAfter, factsBefore, idsOf } from './revertible.js';

const fields: Inverse = {
  steps: (event) => {
    // What an entry says of a field was written by a command, so it has the type that commands take.
    const facts = factsBefore(event) as Partial<UpdateRole['data']>;
    const { role_id } = idsOf(event);
    return step(new UpdateRole(event.account, { role_id, ...facts }, event.meta), factsAfter(event));
  },
  later: sameFields,
};

const laterAssignments = samePair('UserAddedToRole', 'UserRemovedFromRole');

/** How events about roles and their holders are taken back. */
export const roleInverses = {
  RoleRenamed: fields,
  RoleDescriptionChanged: fields,
  RolePermissionsReplaced: fields,
  UserAddedToRole: {
    steps: (event) => {
      const { user_id, role_id } = idsOf(event);
      return step(new RemoveUserFromRole(event.account, { user_id, role_id }, event.meta), true);
    },
    later: laterAssignments,
  },
  UserRemovedFromRole: {
    steps: (event) => {
      const { user_id, role_id } = idsOf(event);
      return step(new AddUserToRole(event.account, { user_id, role_id }, event.meta), null);
    },
    later: laterAssignments,
  },
  RoleDeleted: {
    steps: (event) => {
      const { role_id } = idsOf(event);
      return step(new RestoreRole(event.account, { role_id }, event.meta), false);
    },
    later: sameThing,
  },
} as const satisfies Readonly<Record<string, Inverse>>;
