import { requireTexts, requireTrimmed } from './admission.js';
import { aggregate, told } from './aggregate.js';
import type { UserAddedToRole } from './assignment.js';
import { AccountCommand } from './command.js';
import { emailKey, emailRule } from './email-address.js';
import { requireFreeEmail, requireFreeExternalId } from './free-keys.js';
import type { Event } from './event.js';
import type { UserEmailChanged } from './followed-events.js';
import { JournaledMap } from './journaled-map.js';
import type { MailRequested } from './mail.js';
import type { UserPasswordSet } from './password-tokens.js';
import { withoutEverything, newlyGiven, sameList } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, text, textOrNull } from './shape.js';
import { externalIdRule, nameRule } from './text.js';

/** With a `mail_id` the user is sent a welcome mail of that id. */
export class CreateUser extends AccountCommand<{
  readonly user_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly external_id: string | null;
  readonly password_hash: string | null;
  readonly roles: readonly string[];
  readonly mail_id?: string | undefined;
}> {
  readonly type = 'CreateUser';
}

/** Absent fields stay as they are; `external_id: null` clears it. */
export class UpdateUser extends AccountCommand<{
  readonly user_id: string;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  readonly email?: string | undefined;
  readonly external_id?: string | null | undefined;
}> {
  readonly type = 'UpdateUser';
}

/** Replaces the user's individual permissions as a whole. */
export class ReplaceUserPermissions extends AccountCommand<{
  readonly user_id: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'ReplaceUserPermissions';
}

type UserCommand = CreateUser | UpdateUser | ReplaceUserPermissions;

export type UserCreated = Event<
  'UserCreated',
  { user_id: string; first_name: string; last_name: string; email: string; external_id: string | null }
>;
export type UserRenamed = Event<'UserRenamed', { user_id: string; first_name: string; last_name: string }>;
export type UserExternalIdChanged = Event<
  'UserExternalIdChanged',
  { user_id: string; external_id: string | null }
>;
export type UserPermissionsReplaced = Event<
  'UserPermissionsReplaced',
  { user_id: string; permissions: readonly string[] }
>;

export type UserEvent =
  UserCreated | UserRenamed | UserEmailChanged | UserExternalIdChanged | UserPermissionsReplaced;

export type Users = JournaledMap<User, 'email' | 'external_id'>;

type Decided = UserEvent | UserPasswordSet | UserAddedToRole | MailRequested;

/** A user, without what other parts of the state have. */
export interface User {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
}

const names = { first_name: nameRule, last_name: nameRule };
const texts = { ...names, email: emailRule, external_id: externalIdRule };

function admit({ data }: CreateUser | UpdateUser, { users }: { readonly users: Users }): void {
  requireTexts(texts, data, users.get(data.user_id));
}

/** @throws Rejection user_not_found, invalid_role, permission_escalation, seat_limit, quota_exceeded, email_in_use, external_id_in_use */
function decide(command: UserCommand, users: Users, questions: Questions): Decided[] {
  if (command.type === 'CreateUser') return create(command, users, questions);
  const self = users.get(command.data.user_id);
  if (!self) throw new Rejection('user_not_found');
  if (command.type === 'UpdateUser') return update(command, self, users, questions);
  const { user_id, permissions } = command.data;
  questions.requireGrantable(newlyGiven(self.permissions, permissions));
  if (sameList(permissions, self.permissions)) return [];
  return [{ type: 'UserPermissionsReplaced', data: { user_id, permissions } }];
}

function create({ data }: CreateUser, users: Users, questions: Questions): Decided[] {
  const { user_id, first_name, last_name, email, external_id, password_hash, mail_id } = data;
  const roles = [...new Set(data.roles)];
  for (const role of roles) {
    if (!questions.hasRole(role))
      throw new Rejection('invalid_role', `There is no role ${role.slice(0, 64)} in this account`);
  }
  for (const role of roles) questions.requireGrantable(questions.holdingsOfRole(role));
  if (questions.seatsLeft() <= 0) throw new Rejection('seat_limit');
  questions.requireRoom('users', users.size);
  requireFreeEmail(email, user_id, users);
  requireFreeExternalId(external_id, user_id, users);
  const events: Decided[] = [
    { type: 'UserCreated', data: { user_id, first_name, last_name, email, external_id } },
  ];
  if (password_hash !== null) events.push({ type: 'UserPasswordSet', data: { user_id, password_hash } });
  for (const role_id of roles) events.push({ type: 'UserAddedToRole', data: { user_id, role_id } });
  if (mail_id !== undefined)
    events.push({ type: 'MailRequested', data: { user_id, mail_id, kind: 'welcome', about: null } });
  return events;
}

function update({ data }: UpdateUser, self: User, users: Users, questions: Questions): UserEvent[] {
  const user_id = self.id;
  const { first_name = self.first_name, last_name = self.last_name, email = self.email } = data;
  const { external_id = self.external_id } = data;
  const events: UserEvent[] = [];
  if (first_name !== self.first_name || last_name !== self.last_name)
    events.push({ type: 'UserRenamed', data: { user_id, first_name, last_name } });
  if (email !== self.email) {
    questions.requireNoStronger(user_id);
    requireFreeEmail(email, user_id, users);
    events.push({ type: 'UserEmailChanged', data: { user_id, email } });
  }
  if (external_id !== self.external_id) {
    requireFreeExternalId(external_id, user_id, users);
    events.push({ type: 'UserExternalIdChanged', data: { user_id, external_id } });
  }
  return events;
}

function evolve(self: User | undefined, event: UserEvent): User {
  if (event.type === 'UserCreated') {
    const { user_id, ...facts } = event.data;
    return { id: user_id, ...facts, permissions: [] };
  }
  if (!self) throw new Error(`${event.type} for a user who does not exist`);
  switch (event.type) {
    case 'UserRenamed':
      return { ...self, first_name: event.data.first_name, last_name: event.data.last_name };
    case 'UserEmailChanged':
      return { ...self, email: event.data.email };
    case 'UserExternalIdChanged':
      return { ...self, external_id: event.data.external_id };
    case 'UserPermissionsReplaced':
      return { ...self, permissions: withoutEverything(event.data.permissions) };
  }
}

const named = { user_id: id, first_name: text, last_name: text };

export const user = aggregate<UserCommand, UserEvent>()({
  state: (journal): { readonly users: Users } => ({
    users: new JournaledMap(journal, {
      email: (one: User) => emailKey(one.email),
      external_id: (one: User) => one.external_id,
    }),
  }),
  commands: {
    CreateUser: { class: CreateUser, needs: 'user.manage', admit },
    UpdateUser: { class: UpdateUser, needs: 'user.manage', admit },
    ReplaceUserPermissions: {
      class: ReplaceUserPermissions,
      needs: 'user.manage',
      admit: ({ data }, { users }, limits) =>
        requireTrimmed(limits, data.permissions, users.get(data.user_id)?.permissions),
    },
  },
  events: {
    UserCreated: {
      ...told('create', 'created the user {user}', { ...named, email: text, external_id: textOrNull }),
      personal: ['first_name', 'last_name', 'email', 'external_id'],
    },
    UserRenamed: {
      ...told('update', 'renamed {user} to {first_name} {last_name}', named),
      personal: ['first_name', 'last_name'],
    },
    UserEmailChanged: {
      ...told('update', 'changed the e-mail address of {user} to {email}', { user_id: id, email: text }),
      personal: ['email'],
    },
    UserExternalIdChanged: {
      ...told('update', 'set the external id of {user} to {external_id}', {
        ...{ user_id: id, external_id: textOrNull },
      }),
      personal: ['external_id'],
    },
    UserPermissionsReplaced: told('permission', 'changed the individual permissions of {user}', {
      ...{ user_id: id, permissions: list(text) },
    }),
  },
  decide: (command, { users }, questions) => decide(command, users, questions),
  evolve: ({ users }, { event }) =>
    users.set(event.data.user_id, evolve(users.get(event.data.user_id), event)),
});
