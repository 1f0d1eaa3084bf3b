import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { RoleRestored } from './followed-events.js';
import type { FormerRole } from './former-role.js';
import type { JournaledMap } from './journaled-map.js';
import { withoutEverything } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import type { Role } from './role.js';
import { id, list, text } from './shape.js';

/** Gives a deleted role back to the users that held it, with all that it had or not at all. */
export class RestoreRole extends AccountCommand<{ readonly role_id: string }> {
  readonly type = 'RestoreRole';
}

/** @throws Rejection role_not_found, not_deleted, permission_escalation, quota_exceeded; user_not_found for a holder that is gone */
function decide(
  { data: { role_id } }: RestoreRole,
  roles: JournaledMap<Role>,
  former: FormerRole | undefined,
  questions: Questions,
): RoleRestored[] {
  if (roles.has(role_id)) throw new Rejection('not_deleted');
  if (!former) throw new Rejection('role_not_found');
  questions.requireRoom('roles', roles.size);
  questions.requireGrantable(former.permissions);
  if (!former.users.every((id) => questions.hasUser(id)))
    throw new Rejection('user_not_found', `A user that held the role ${role_id} is not there any more`);
  return [{ type: 'RoleRestored', data: former }];
}

interface More {
  readonly roles: JournaledMap<Role>;
  readonly formerRoles: JournaledMap<FormerRole>;
}

export const roleRestoration = aggregate<RestoreRole, RoleRestored, More>()({
  state: () => ({}),
  commands: { RestoreRole: { class: RestoreRole, needs: 'user.manage', admit: noTexts } },
  events: {
    RoleRestored: told('create', 'restored the role {role}', {
      role_id: id,
      name: text,
      description: text,
      permissions: list(text),
      users: list(id),
    }),
  },
  decide: (command, { roles, formerRoles }, questions) =>
    decide(command, roles, formerRoles.get(command.data.role_id), questions),
  evolve: ({ roles }, { event: { data } }) => {
    const { role_id: id, name, description, permissions } = data;
    roles.set(id, { id, name, description, permissions: withoutEverything(permissions), built_in: false });
  },
});
