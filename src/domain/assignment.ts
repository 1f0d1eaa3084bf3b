import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { adminRole } from './built-in-roles.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { Relation } from './relation.js';
import { id } from './shape.js';

export class AddUserToRole extends AccountCommand<{ readonly role_id: string; readonly user_id: string }> {
  readonly type = 'AddUserToRole';
}

export class RemoveUserFromRole extends AccountCommand<{
  readonly role_id: string;
  readonly user_id: string;
}> {
  readonly type = 'RemoveUserFromRole';
}

type AssignmentCommand = AddUserToRole | RemoveUserFromRole;

export type UserAddedToRole = Event<'UserAddedToRole', { user_id: string; role_id: string }>;
export type UserRemovedFromRole = Event<'UserRemovedFromRole', { user_id: string; role_id: string }>;

type AssignmentEvent = UserAddedToRole | UserRemovedFromRole;

/** @throws Rejection role_not_found, user_not_found, permission_escalation, user_already_has_role, user_does_not_have_role, admin_role_requires_user */
function decide(
  command: AssignmentCommand,
  assignments: Relation<true>,
  questions: Questions,
): AssignmentEvent[] {
  const { user_id, role_id } = command.data;
  if (!questions.hasRole(role_id)) throw new Rejection('role_not_found');
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
  const isHeld = assignments.get(user_id, role_id) === true;
  switch (command.type) {
    case 'AddUserToRole':
      if (isHeld) throw new Rejection('user_already_has_role');
      questions.requireGrantable(questions.holdingsOfRole(role_id));
      return [{ type: 'UserAddedToRole', data: { user_id, role_id } }];
    case 'RemoveUserFromRole':
      if (!isHeld) throw new Rejection('user_does_not_have_role');
      if (role_id === adminRole.id && questions.isLastAdmin(user_id))
        throw new Rejection('admin_role_requires_user');
      return [{ type: 'UserRemovedFromRole', data: { user_id, role_id } }];
  }
}

export const assignment = aggregate<AssignmentCommand, AssignmentEvent>()({
  /** User to role. */
  state: (journal) => ({ assignments: new Relation<true>(journal) }),
  commands: {
    AddUserToRole: { class: AddUserToRole, needs: 'user.manage', admit: noTexts },
    RemoveUserFromRole: { class: RemoveUserFromRole, needs: 'user.manage', admit: noTexts },
  },
  events: {
    UserAddedToRole: told('role', 'gave {user} the role {role}', { user_id: id, role_id: id }),
    UserRemovedFromRole: told('role', 'took the role {role} from {user}', { user_id: id, role_id: id }),
  },
  decide: (command, { assignments }, questions) => decide(command, assignments, questions),
  evolve: ({ assignments }, { event: { type, data } }) => {
    if (type === 'UserRemovedFromRole') assignments.delete(data.user_id, data.role_id);
    else assignments.set(data.user_id, data.role_id, true);
  },
  follow: {
    UserDeleted: ({ assignments }, { user_id }) => assignments.deleteSubject(user_id),
    RoleDeleted: ({ assignments }, { role_id }) => assignments.deleteOther(role_id),
    UserRestored: ({ assignments }, { user_id, roles }) => {
      for (const role_id of roles) assignments.set(user_id, role_id, true);
    },
    RoleRestored: ({ assignments }, { role_id, users }) => {
      for (const user_id of users) assignments.set(user_id, role_id, true);
    },
  },
});
