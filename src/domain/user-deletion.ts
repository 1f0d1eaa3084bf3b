import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { UserDeleted } from './followed-events.js';
import { type FormerUser, formerUser, type UserParts } from './former-user.js';
import { type Holders, holdingsOf, type LastHoldings } from './holdings.js';
import { JournaledMap } from './journaled-map.js';
import { holds } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id } from './shape.js';
import type { Users } from './user.js';

export type FormerUsers = JournaledMap<FormerUser>;

export class DeleteUser extends AccountCommand<{ readonly user_id: string }> {
  readonly type = 'DeleteUser';
}

/** @throws Rejection user_not_found, cannot_delete_self, cannot_delete_ a contact, admin_role_requires_user */
function decide({ data: { user_id } }: DeleteUser, questions: Questions): UserDeleted[] {
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
  if (questions.actorId === user_id) throw new Rejection('cannot_delete_self');
  const [contact] = questions.contactsOf(user_id);
  if (contact) throw new Rejection(`cannot_delete_${contact}`);
  if (questions.isLastAdmin(user_id)) throw new Rejection('admin_role_requires_user');
  return [{ type: 'UserDeleted', data: { user_id } }];
}

/** A key that the user made for another one goes on with what the user held last. */
function keepHoldings(state: Holders & { readonly lastHoldings: LastHoldings }, userId: string): void {
  const holdings = holdingsOf(state, userId);
  if (!holds(holdings, 'user.manage')) return;
  state.lastHoldings.set(userId, holdings === 'everything' ? holdings : [...holdings].sort());
}

export const userDeletion = aggregate<
  DeleteUser,
  UserDeleted,
  Holders & UserParts & { readonly users: Users }
>()({
  /** `formerUsers` has what each deleted user had last, whether it was restored since or not. */
  state: (journal): { readonly lastHoldings: LastHoldings; readonly formerUsers: FormerUsers } => ({
    lastHoldings: new JournaledMap(journal),
    formerUsers: new JournaledMap(journal),
  }),
  commands: { DeleteUser: { class: DeleteUser, needs: 'user.manage', admit: noTexts } },
  events: { UserDeleted: told('delete', 'deleted the user {user}', { user_id: id }) },
  decide: (command, _, questions) => decide(command, questions),
  evolve: (state, { event: { data } }) => {
    keepHoldings(state, data.user_id);
    state.formerUsers.replace(data.user_id, formerUser(state, data.user_id));
    state.users.delete(data.user_id);
  },
});
