import { type ApiKey, type ApiKeyIssued, issuedKey, limitsOf } from './api-key.js';
import type { Directory } from './directory.js';
import type { MailRequested } from './mail.js';
import { type Event, Message } from './message.js';
import { newlyGiven, sameList } from './permissions.js';
import { Rejection } from './rejection.js';
import type { UserAddedToRole } from './role.js';
import { evolveSignIn, neverSignedIn, type SignInEvent, type SignInFacts } from './sign-in.js';

/** With a `mail_id` the user is sent a welcome mail of that id. */
export class CreateUser extends Message<{
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
export class UpdateUser extends Message<{
  readonly user_id: string;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  readonly email?: string | undefined;
  readonly external_id?: string | null | undefined;
}> {
  readonly type = 'UpdateUser';
}

export class DeleteUser extends Message<{ readonly user_id: string }> {
  readonly type = 'DeleteUser';
}

/** Replaces the user's individual permissions as a whole. */
export class ReplaceUserPermissions extends Message<{
  readonly user_id: string;
  readonly permissions: readonly string[];
}> {
  readonly type = 'ReplaceUserPermissions';
}

export class IssueApiKey extends Message<{
  readonly user_id: string;
  readonly key_id: string;
  readonly name: string;
  readonly key_hash: string;
}> {
  readonly type = 'IssueApiKey';
}

export class RevokeApiKey extends Message<{ readonly user_id: string; readonly key_id: string }> {
  readonly type = 'RevokeApiKey';
}

export type UserCommand =
  CreateUser | UpdateUser | DeleteUser | ReplaceUserPermissions | IssueApiKey | RevokeApiKey;

export type UserCreated = Event<
  'UserCreated',
  { user_id: string; first_name: string; last_name: string; email: string; external_id: string | null }
>;
export type UserRenamed = Event<'UserRenamed', { user_id: string; first_name: string; last_name: string }>;
export type UserEmailChanged = Event<'UserEmailChanged', { user_id: string; email: string }>;
export type UserExternalIdChanged = Event<
  'UserExternalIdChanged',
  { user_id: string; external_id: string | null }
>;
export type UserPasswordSet = Event<'UserPasswordSet', { user_id: string; password_hash: string }>;
export type UserPermissionsReplaced = Event<
  'UserPermissionsReplaced',
  { user_id: string; permissions: readonly string[] }
>;
export type ApiKeyRevoked = Event<'ApiKeyRevoked', { user_id: string; key_id: string }>;
/**
 * The user is gone and with it every membership, role, key, permission, property value, tab instance,
 * pending mail and password token of the user.
 */
export type UserDeleted = Event<'UserDeleted', { user_id: string }>;

export type UserEvent =
  | UserCreated
  | UserRenamed
  | UserEmailChanged
  | UserExternalIdChanged
  | UserPasswordSet
  | UserPermissionsReplaced
  | ApiKeyIssued
  | ApiKeyRevoked
  | SignInEvent
  | UserDeleted;

/** A user; memberships and roles stand beside it, in the account's state. */
export interface User extends SignInFacts {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly external_id: string | null;
  readonly permissions: readonly string[];
  readonly keys: readonly ApiKey[];
}

/** What makes two addresses the same address. */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}

/** @throws Rejection user_not_found, key_not_found, invalid_role, permission_escalation and the state rules of each command */
export function decideUser(
  command: UserCommand,
  self: User | undefined,
  directory: Directory,
): (UserEvent | UserAddedToRole | MailRequested)[] {
  if (command.type === 'CreateUser') return create(command, directory);
  if (!self) throw new Rejection('user_not_found');
  const user_id = self.id;
  switch (command.type) {
    case 'UpdateUser':
      return update(command, self, directory);
    case 'DeleteUser':
      requireDeletable(self, directory);
      return [{ type: 'UserDeleted', data: { user_id } }];
    case 'ReplaceUserPermissions': {
      const { permissions } = command.data;
      directory.requireGrantable(newlyGiven(self.permissions, permissions));
      if (sameList(permissions, self.permissions)) return [];
      return [{ type: 'UserPermissionsReplaced', data: { user_id, permissions } }];
    }
    case 'IssueApiKey': {
      directory.requireNoStronger(user_id);
      const { key_id, name, key_hash } = command.data;
      const from = {
        issued_by: directory.actorId ?? null,
        limited_by: limitsOf(user_id, directory.senders),
      };
      return [{ type: 'ApiKeyIssued', data: { user_id, key_id, name, key_hash, ...from } }];
    }
    case 'RevokeApiKey': {
      const { key_id } = command.data;
      if (!self.keys.some(({ id }) => id === key_id)) throw new Rejection('key_not_found');
      if (directory.actorId !== user_id) directory.requireNoStronger(user_id);
      return [{ type: 'ApiKeyRevoked', data: { user_id, key_id } }];
    }
  }
}

function create({ data }: CreateUser, directory: Directory): (UserEvent | UserAddedToRole | MailRequested)[] {
  const { user_id, first_name, last_name, email, external_id, password_hash, mail_id } = data;
  const roles = [...new Set(data.roles)];
  for (const role of roles) {
    if (!directory.role(role))
      throw new Rejection('invalid_role', `There is no role ${role.slice(0, 64)} in this account`);
  }
  for (const role of roles) directory.requireGrantable(directory.holdingsOfRole(role));
  if (directory.seatsLeft() <= 0) throw new Rejection('seat_limit');
  requireFreeEmail(email, user_id, directory);
  requireFreeExternalId(external_id, user_id, directory);
  const events: (UserEvent | UserAddedToRole | MailRequested)[] = [
    { type: 'UserCreated', data: { user_id, first_name, last_name, email, external_id } },
  ];
  if (password_hash !== null) events.push({ type: 'UserPasswordSet', data: { user_id, password_hash } });
  for (const role_id of roles) events.push({ type: 'UserAddedToRole', data: { user_id, role_id } });
  if (mail_id !== undefined)
    events.push({ type: 'MailRequested', data: { user_id, mail_id, kind: 'welcome' } });
  return events;
}

function update({ data }: UpdateUser, self: User, directory: Directory): UserEvent[] {
  const user_id = self.id;
  const { first_name = self.first_name, last_name = self.last_name, email = self.email } = data;
  const { external_id = self.external_id } = data;
  const events: UserEvent[] = [];
  if (first_name !== self.first_name || last_name !== self.last_name)
    events.push({ type: 'UserRenamed', data: { user_id, first_name, last_name } });
  if (email !== self.email) {
    directory.requireNoStronger(user_id);
    requireFreeEmail(email, user_id, directory);
    events.push({ type: 'UserEmailChanged', data: { user_id, email } });
  }
  if (external_id !== self.external_id) {
    requireFreeExternalId(external_id, user_id, directory);
    events.push({ type: 'UserExternalIdChanged', data: { user_id, external_id } });
  }
  return events;
}

function requireDeletable(self: User, directory: Directory): void {
  if (directory.actorId === self.id) throw new Rejection('cannot_delete_self');
  for (const contact of ['super_admin', 'technical_contact', 'business_contact'] as const) {
    if (directory.account?.contacts[contact] === self.id) throw new Rejection(`cannot_delete_${contact}`);
  }
  if (directory.isLastAdmin(self.id)) throw new Rejection('admin_role_requires_user');
}

function requireFreeEmail(email: string, user_id: string, directory: Directory): void {
  const owner = directory.userWithEmail(email);
  if (owner !== undefined && owner !== user_id) throw new Rejection('email_in_use');
}

function requireFreeExternalId(external_id: string | null, user_id: string, directory: Directory): void {
  const owner = external_id === null ? undefined : directory.userWithExternalId(external_id);
  if (owner !== undefined && owner !== user_id) throw new Rejection('external_id_in_use');
}

export function evolveUser(self: User | undefined, event: UserEvent): User | undefined {
  if (event.type === 'UserCreated') {
    const { user_id, ...facts } = event.data;
    return { id: user_id, ...facts, permissions: [], keys: [], ...neverSignedIn };
  }
  if (!self) throw new Error(`${event.type} for a user who does not exist`);
  switch (event.type) {
    case 'UserRenamed':
      return { ...self, first_name: event.data.first_name, last_name: event.data.last_name };
    case 'UserEmailChanged':
      return { ...self, email: event.data.email };
    case 'UserExternalIdChanged':
      return { ...self, external_id: event.data.external_id };
    case 'UserPasswordSet':
      return self;
    case 'UserPermissionsReplaced':
      return { ...self, permissions: event.data.permissions };
    case 'ApiKeyIssued':
      return { ...self, keys: [...self.keys, issuedKey(event.data)] };
    case 'ApiKeyRevoked':
      return { ...self, keys: self.keys.filter(({ id }) => id !== event.data.key_id) };
    case 'UserSignedIn':
    case 'UserLocked':
    case 'UserUnlocked':
      return evolveSignIn(self, event);
    case 'UserDeleted':
      return undefined;
  }
}
