import type { Directory } from './directory.js';
import { builtInRoles } from './built-in-roles.js';
import { type Client, type ClientEvent, evolveClient, openedClient } from './client.js';
import { type Event, Message } from './message.js';
import { Rejection } from './rejection.js';
import type { UserAddedToRole } from './role.js';
import type { UserEvent } from './user.js';

export const contactKinds = ['super_admin', 'technical_contact', 'business_contact'] as const;
export type ContactKind = (typeof contactKinds)[number];

export const clientStatuses = ['setup', 'trial', 'active', 'disabled'] as const;
export type ClientStatus = (typeof clientStatuses)[number];

/** Opens a company with its first user, who gets every built-in role, every contact and an API key. */
export class OpenCompany extends Message<{
  readonly name: string;
  readonly all_users_group_id: string;
  readonly admin: {
    readonly user_id: string;
    readonly first_name: string;
    readonly last_name: string;
    readonly email: string;
    readonly password_hash: string | null;
    readonly key_id: string;
    readonly key_name: string;
    readonly key_hash: string;
  };
}> {
  readonly type = 'OpenCompany';
}

/** Opens a client account of a company. `seats` is the number of users it may have, -1 for any number. */
export class OpenClient extends Message<{
  readonly parent_id: string;
  readonly name: string;
  readonly description: string;
  readonly status: ClientStatus;
  readonly seats: number;
  readonly external_id: string | null;
  readonly custom_theme: string | null;
  readonly all_users_group_id: string;
}> {
  readonly type = 'OpenClient';
}

/** Renames the account and names its contacts; what is absent stays. */
export class UpdateAccount extends Message<{
  readonly name?: string | undefined;
  /** A contact that nobody is yet may be null; once somebody is one, it only passes on. */
  readonly contacts?: { readonly [kind in ContactKind]?: string | null | undefined } | undefined;
}> {
  readonly type = 'UpdateAccount';
}

export type AccountCommand = OpenCompany | OpenClient | UpdateAccount;

export type CompanyOpened = Event<'CompanyOpened', { name: string; all_users_group_id: string }>;
export type ClientOpened = Event<
  'ClientOpened',
  {
    parent_id: string;
    name: string;
    description: string;
    status: ClientStatus;
    seats: number;
    external_id: string | null;
    custom_theme: string | null;
    all_users_group_id: string;
  }
>;
export type AccountRenamed = Event<'AccountRenamed', { name: string }>;
export type ContactAssigned = Event<'ContactAssigned', { contact: ContactKind; user_id: string }>;

export type AccountEvent = CompanyOpened | ClientOpened | AccountRenamed | ContactAssigned | ClientEvent;

/** The account's own facts; its users, groups and roles stand beside it. */
export interface Account {
  readonly name: string;
  /** The company of a client account; null for a company. */
  readonly parent_id: string | null;
  readonly seats: number;
  readonly contacts: Readonly<Record<ContactKind, string | null>>;
  /** null for a company. */
  readonly client: Client | null;
}

/** @throws Rejection account_exists; access_denied for a client of a client; bad_request for a contact that is no user of the account */
export function decideAccount(
  command: AccountCommand,
  self: Account | undefined,
  directory: Directory,
): (AccountEvent | UserEvent | UserAddedToRole)[] {
  switch (command.type) {
    case 'OpenCompany':
      if (self) throw new Rejection('account_exists');
      return openCompany(command);
    case 'OpenClient':
      if (self) throw new Rejection('account_exists');
      return [{ type: 'ClientOpened', data: { ...command.data } }];
    case 'UpdateAccount':
      if (!self) throw new Rejection('client_not_found');
      return update(command, self, directory);
  }
}

function openCompany({ data }: OpenCompany): (AccountEvent | UserEvent | UserAddedToRole)[] {
  const { name, all_users_group_id, admin } = data;
  const { user_id, first_name, last_name, email, password_hash, key_id, key_name, key_hash } = admin;
  return [
    { type: 'CompanyOpened', data: { name, all_users_group_id } },
    { type: 'UserCreated', data: { user_id, first_name, last_name, email, external_id: null } },
    ...(password_hash === null
      ? []
      : [{ type: 'UserPasswordSet' as const, data: { user_id, password_hash } }]),
    ...builtInRoles.map((role) => ({
      type: 'UserAddedToRole' as const,
      data: { user_id, role_id: role.id },
    })),
    ...contactKinds.map((contact) => ({ type: 'ContactAssigned' as const, data: { contact, user_id } })),
    {
      type: 'ApiKeyIssued',
      data: { user_id, key_id, name: key_name, key_hash, issued_by: null, limited_by: [] },
    },
  ];
}

function update({ data }: UpdateAccount, self: Account, directory: Directory): AccountEvent[] {
  const events: AccountEvent[] = [];
  for (const contact of contactKinds) {
    const user_id = data.contacts?.[contact];
    if (user_id === undefined || user_id === self.contacts[contact]) continue;
    if (user_id === null)
      throw new Rejection(
        'bad_request',
        `contacts.${contact} cannot be taken away; name another user instead`,
      );
    if (!directory.user(user_id))
      throw new Rejection('bad_request', `contacts.${contact} must be the id of a user of the account`);
    events.push({ type: 'ContactAssigned', data: { contact, user_id } });
  }
  if (data.name !== undefined && data.name !== self.name)
    events.unshift({ type: 'AccountRenamed', data: { name: data.name } });
  return events;
}

export function evolveAccount(self: Account | undefined, event: AccountEvent): Account {
  if (event.type === 'CompanyOpened')
    return { name: event.data.name, parent_id: null, seats: -1, contacts: noContacts, client: null };
  if (event.type === 'ClientOpened') {
    const { name, parent_id, seats } = event.data;
    return { name, parent_id, seats, contacts: noContacts, client: openedClient(event.data) };
  }
  if (!self) throw new Error(`${event.type} in an account that was never opened`);
  switch (event.type) {
    case 'AccountRenamed':
      return { ...self, name: event.data.name };
    case 'ContactAssigned':
      return { ...self, contacts: { ...self.contacts, [event.data.contact]: event.data.user_id } };
    default:
      return evolveClient(self, event);
  }
}

const noContacts = { super_admin: null, technical_contact: null, business_contact: null };
