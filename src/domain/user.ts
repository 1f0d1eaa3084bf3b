import { aggregate, plain } from './aggregate.js';
import { type ApiKey, type ApiKeyIssued, issuedKey, limitsOf } from './api-key.js';
import type { UserAddedToRole } from './assignment.js';
import { AccountCommand } from './command.js';
import { emailKey } from './email-address.js';
import type { Event } from './event.js';
import type { UserDeleted, UserEmailChanged } from './followed-events.js';
import { type Departed, type Holders, holdingsOf } from './holdings.js';
import { JournaledMap } from './journaled-map.js';
import type { MailRequested } from './mail.js';
import type { UserPasswordSet } from './password-tokens.js';
import { holds, meaningful, newlyGiven, sameList } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';

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

export class DeleteUser extends AccountCommand<{ readonly user_id: string }> {
  readonly type = 'DeleteUser';
}

/** Replaces the user's individual permissions as a whole. */
export class ReplaceUserPermissions extends AccountCommand<{
  readonly user_id: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'ReplaceUserPermissions';
}

export class IssueApiKey extends AccountCommand<{
  readonly user_id: string;
  readonly key_id: string;
  readonly name: string;
  readonly key_hash: string;
}> {
  readonly type = 'IssueApiKey';
}

export class RevokeApiKey extends AccountCommand<{ readonly user_id: string; readonly key_id: string }> {
  readonly type = 'RevokeApiKey';
}

type UserCommand = CreateUser | UpdateUser | DeleteUser | ReplaceUserPermissions | IssueApiKey | RevokeApiKey;

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
export type ApiKeyRevoked = Event<'ApiKeyRevoked', { user_id: string; key_id: string }>;

export type UserEvent =
  | UserCreated
  | UserRenamed
  | UserEmailChanged
  | UserExternalIdChanged
  | UserPermissionsReplaced
  | ApiKeyIssued
  | ApiKeyRevoked
  | UserDeleted;

type Users = JournaledMap<User, 'email' | 'external_id'>;

/** What a decision about users comes to. */
type Decided = UserEvent | UserPasswordSet | UserAddedToRole | MailRequested;

/** A user; memberships and roles stand beside it, in the account's state. */
export interface User {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
  readonly keys: readonly ApiKey[];
}

/** @throws Rejection user_not_found, key_not_found, invalid_role, permission_escalation and the state rules of each command */
function decide(command: UserCommand, users: Users, questions: Questions): Decided[] {
  if (command.type === 'CreateUser') return create(command, users, questions);
  const self = users.get(command.data.user_id);
  if (!self) throw new Rejection('user_not_found');
  const user_id = self.id;
  switch (command.type) {
    case 'UpdateUser':
      return update(command, self, users, questions);
    case 'DeleteUser':
      requireDeletable(self, questions);
      return [{ type: 'UserDeleted', data: { user_id } }];
    case 'ReplaceUserPermissions': {
      const { permissions } = command.data;
      questions.requireGrantable(newlyGiven(self.permissions, permissions));
      if (sameList(permissions, self.permissions)) return [];
      return [{ type: 'UserPermissionsReplaced', data: { user_id, permissions } }];
    }
    case 'IssueApiKey': {
      questions.requireNoStronger(user_id);
      const { key_id, name, key_hash } = command.data;
      const from = {
        issued_by: questions.actorId ?? null,
        limited_by: limitsOf(user_id, questions.senders),
      };
      return [{ type: 'ApiKeyIssued', data: { user_id, key_id, name, key_hash, ...from } }];
    }
    case 'RevokeApiKey': {
      const { key_id } = command.data;
      if (!self.keys.some(({ id }) => id === key_id)) throw new Rejection('key_not_found');
      if (questions.actorId !== user_id) questions.requireNoStronger(user_id);
      return [{ type: 'ApiKeyRevoked', data: { user_id, key_id } }];
    }
  }
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
  requireFreeEmail(email, user_id, users);
  requireFreeExternalId(external_id, user_id, users);
  const events: Decided[] = [
    { type: 'UserCreated', data: { user_id, first_name, last_name, email, external_id } },
  ];
  if (password_hash !== null) events.push({ type: 'UserPasswordSet', data: { user_id, password_hash } });
  for (const role_id of roles) events.push({ type: 'UserAddedToRole', data: { user_id, role_id } });
  if (mail_id !== undefined)
    events.push({ type: 'MailRequested', data: { user_id, mail_id, kind: 'welcome' } });
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

function requireDeletable(self: User, questions: Questions): void {
  if (questions.actorId === self.id) throw new Rejection('cannot_delete_self');
  const [contact] = questions.contactsOf(self.id);
  if (contact) throw new Rejection(`cannot_delete_${contact}`);
  if (questions.isLastAdmin(self.id)) throw new Rejection('admin_role_requires_user');
}

function requireFreeEmail(email: string, user_id: string, users: Users): void {
  if (users.hasOther('email', emailKey(email), user_id)) throw new Rejection('email_in_use');
}

function requireFreeExternalId(external_id: string | null, user_id: string, users: Users): void {
  const owner = external_id === null ? undefined : users.find('external_id', external_id);
  if (owner !== undefined && owner !== user_id) throw new Rejection('external_id_in_use');
}

function evolve(self: User | undefined, event: UserEvent): User | undefined {
  if (event.type === 'UserCreated') {
    const { user_id, ...facts } = event.data;
    return { id: user_id, ...facts, permissions: [], keys: [] };
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
      return { ...self, permissions: meaningful(event.data.permissions) };
    case 'ApiKeyIssued':
      return { ...self, keys: [...self.keys, issuedKey(event.data)] };
    case 'ApiKeyRevoked':
      return { ...self, keys: self.keys.filter(({ id }) => id !== event.data.key_id) };
    case 'UserDeleted':
      return undefined;
  }
}

/** Keys that a user has made for others go on with what that user held last. */
function keepHoldings(state: Holders & { readonly departed: Departed }, id: string): void {
  const holdings = holdingsOf(state, id);
  if (!holds(holdings, 'user.manage')) return;
  state.departed.set(id, holdings === 'everything' ? holdings : [...holdings]);
}

export const user = aggregate<UserCommand, UserEvent, Omit<Holders, 'users'>>()({
  state: (journal): { readonly users: Users; readonly departed: Departed } => ({
    users: new JournaledMap(journal, {
      email: (one: User) => emailKey(one.email),
      external_id: (one: User) => one.external_id,
    }),
    departed: new JournaledMap(journal),
  }),
  commands: {
    CreateUser: { class: CreateUser, needs: 'user.manage' },
    UpdateUser: { class: UpdateUser, needs: 'user.manage' },
    DeleteUser: { class: DeleteUser, needs: 'user.manage' },
    ReplaceUserPermissions: { class: ReplaceUserPermissions, needs: 'user.manage' },
    IssueApiKey: { class: IssueApiKey, needs: 'user.manage' },
    RevokeApiKey: { class: RevokeApiKey, needs: 'user.manage' },
  },
  events: {
    UserCreated: { ...plain, personal: ['first_name', 'last_name', 'email', 'external_id'] },
    UserRenamed: { ...plain, personal: ['first_name', 'last_name'] },
    UserEmailChanged: { ...plain, personal: ['email'] },
    UserExternalIdChanged: { ...plain, personal: ['external_id'] },
    UserPermissionsReplaced: plain,
    ApiKeyIssued: { ...plain, version: 2, secret: ['key_hash'] },
    ApiKeyRevoked: plain,
    UserDeleted: plain,
  },
  decide: (command, { users }, questions) => decide(command, users, questions),
  evolve: (state, { event }) => {
    const { user_id } = event.data;
    if (event.type === 'UserDeleted') keepHoldings(state, user_id);
    state.users.replace(user_id, evolve(state.users.get(user_id), event));
  },
});
