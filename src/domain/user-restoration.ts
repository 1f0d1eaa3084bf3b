import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { UserRestored } from './followed-events.js';
import type { FormerUser } from './former-user.js';
import { requireFreeEmail, requireFreeExternalId } from './free-keys.js';
import type { LastHoldings } from './holdings.js';
import type { JournaledMap } from './journaled-map.js';
import type { NestedMap } from './nested-map.js';
import { withoutEverything } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { isAllowed, notRestored, type NotRestored, requireAll } from './restoration.js';
import { byName, flag, id, list, record, text, textOrNull } from './shape.js';
import type { SignInFacts } from './sign-in.js';
import type { Users } from './user.js';
import type { FormerUsers } from './user-deletion.js';

/** Gives a deleted user back, with what it had as far as the rules allow today; `whole`: with all of it or not at all. */
export class RestoreUser extends AccountCommand<{
  readonly user_id: string;
  readonly whole?: boolean | undefined;
}> {
  readonly type = 'RestoreUser';
}

interface Parts {
  readonly users: Users;
  readonly formerUsers: FormerUsers;
  readonly userProperties: NestedMap;
}

/** @throws Rejection user_not_found, not_deleted, seat_limit, quota_exceeded, email_in_use, external_id_in_use; what keeps the whole from it */
function decide({ data }: RestoreUser, state: Parts, questions: Questions): UserRestored[] {
  const { users, formerUsers, userProperties } = state;
  const { user_id } = data;
  if (users.has(user_id)) throw new Rejection('not_deleted');
  const former = formerUsers.get(user_id);
  if (!former) throw new Rejection('user_not_found');
  if (questions.seatsLeft() <= 0) throw new Rejection('seat_limit');
  questions.requireRoom('users', users.size);
  requireFreeEmail(former.email, user_id, users);
  requireFreeExternalId(former.external_id, user_id, users);
  const restored = returning(former, userProperties, questions);
  if (data.whole) requireAll(userNotRestored(former, restored, questions, state));
  return [{ type: 'UserRestored', data: restored }];
}

function returning(
  { signIns: _, ...former }: FormerUser,
  userProperties: NestedMap,
  questions: Questions,
): UserRestored['data'] {
  const { permissions, roles, memberships, properties } = former;
  const isGiven = (asked: Parameters<Questions['requireGrantable']>[0]) =>
    isAllowed(() => questions.requireGrantable(asked));
  return {
    ...former,
    permissions: permissions.filter((permission) => isGiven([permission])),
    roles: roles.filter((id) => questions.hasRole(id) && isGiven(questions.holdingsOfRole(id))),
    memberships: memberships.filter(
      ({ group_id }) => questions.hasGroup(group_id) && isAllowed(() => questions.requireJoinable(group_id)),
    ),
    // Object.fromEntries makes a property of its own of every name, __proto__ too.
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => userProperties.has(name))),
  };
}

/** What a restored user has not got back. */
export function userNotRestored(
  former: FormerUser,
  present: Omit<FormerUser, 'signIns'>,
  questions: Pick<Questions, 'hasGroup' | 'hasRole'>,
  { userProperties }: Pick<Parts, 'userProperties'>,
): NotRestored[] {
  const groups = (of: typeof present) => of.memberships.map(({ group_id }) => group_id);
  const names = (of: typeof present) => Object.keys(of.properties);
  return [
    ...notRestored('group', groups(former), groups(present), (id) => !questions.hasGroup(id)),
    ...notRestored('role', former.roles, present.roles, (id) => !questions.hasRole(id)),
    ...notRestored('permission', former.permissions, present.permissions),
    ...notRestored('property', names(former), names(present), (name) => !userProperties.has(name)),
  ];
}

interface More extends Parts {
  readonly lastHoldings: LastHoldings;
  readonly signIns: JournaledMap<SignInFacts>;
}

export const userRestoration = aggregate<RestoreUser, UserRestored, More>()({
  state: () => ({}),
  commands: { RestoreUser: { class: RestoreUser, needs: 'user.manage', admit: noTexts } },
  events: {
    UserRestored: {
      ...told('create', 'restored the user {user}', {
        user_id: id,
        first_name: text,
        last_name: text,
        email: text,
        external_id: textOrNull,
        permissions: list(text),
        roles: list(id),
        memberships: list(record({ group_id: id, can_edit: flag })),
        properties: byName(text),
        tab_instances: list(record({ tab_instance_id: id, tab_id: id })),
      }),
      personal: ['first_name', 'last_name', 'email', 'external_id', 'properties'],
    },
  },
  decide: (command, state, questions) => decide(command, state, questions),
  evolve: ({ users, formerUsers, lastHoldings, signIns }, { event: { data } }) => {
    const { user_id: id, first_name, last_name, email, external_id, permissions } = data;
    const facts = { first_name, last_name, email, external_id };
    users.set(id, { id, ...facts, permissions: withoutEverything(permissions) });
    signIns.replace(id, formerUsers.get(id)?.signIns ?? undefined);
    lastHoldings.delete(id);
  },
});
