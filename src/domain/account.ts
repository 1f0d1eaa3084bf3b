import { requireText } from './admission.js';
import { aggregate, told } from './aggregate.js';
import type { ApiKeyIssued } from './api-key.js';
import type { UserAddedToRole } from './assignment.js';
import { builtInRoles } from './built-in-roles.js';
import { AccountCommand } from './command.js';
import { emailRule } from './email-address.js';
import type { Event } from './event.js';
import type { CompanyOpened } from './followed-events.js';
import { JournaledMap } from './journaled-map.js';
import type { UserPasswordSet } from './password-tokens.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, text, word } from './shape.js';
import { nameRule } from './text.js';
import type { UserEvent } from './user.js';

export const contactKinds = ['super_admin', 'technical_contact', 'business_contact'] as const;
export type ContactKind = (typeof contactKinds)[number];

/** Opens a company with its first user. The user gets every built-in role, every contact and an API key. */
export class OpenCompany extends AccountCommand<{
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

/** Renames the account and names its contacts; what is absent stays. */
export class UpdateAccount extends AccountCommand<{
  readonly name?: string | undefined;
  /** null is allowed only for a contact without a user. A contact that has a user can only pass to another one. */
  readonly contacts?: { readonly [kind in ContactKind]?: string | null | undefined } | undefined;
}> {
  readonly type = 'UpdateAccount';
}

type Commands = OpenCompany | UpdateAccount;

export type AccountRenamed = Event<'AccountRenamed', { name: string }>;
export type ContactAssigned = Event<'ContactAssigned', { contact: ContactKind; user_id: string }>;

export type AccountEvent = CompanyOpened | AccountRenamed | ContactAssigned;

/** The account's own facts. Its users, groups and roles are other parts of the state. */
export interface Account {
  readonly name: string;
  /** The company of a client account; null for a company. */
  readonly parent_id: string | null;
  readonly contacts: Readonly<Record<ContactKind, string | null>>;
}

type Opening = AccountEvent | UserEvent | UserPasswordSet | UserAddedToRole | ApiKeyIssued;

function admitCompany({ data: { name, admin } }: OpenCompany): void {
  requireText(nameRule, 'name', name);
  requireText(nameRule, 'admin.first_name', admin.first_name);
  requireText(nameRule, 'admin.last_name', admin.last_name);
  requireText(emailRule, 'admin.email', admin.email);
  requireText(nameRule, 'key_name', admin.key_name);
}

/** @throws Rejection account_exists; bad_request for a contact that is no user of the account */
function decide(command: Commands, self: Account | undefined, questions: Questions): Opening[] {
  if (command.type === 'OpenCompany') {
    if (self) throw new Rejection('account_exists');
    return openCompany(command);
  }
  if (!self) throw new Rejection('client_not_found');
  return update(command, self, questions);
}

function openCompany({ data }: OpenCompany): Opening[] {
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

function update({ data }: UpdateAccount, self: Account, questions: Questions): AccountEvent[] {
  const events: AccountEvent[] = [];
  for (const contact of contactKinds) {
    const user_id = data.contacts?.[contact];
    if (user_id === undefined || user_id === self.contacts[contact]) continue;
    if (user_id === null)
      throw new Rejection(
        'bad_request',
        `contacts.${contact} cannot be taken away; name another user instead`,
      );
    if (!questions.hasUser(user_id))
      throw new Rejection('bad_request', `contacts.${contact} must be the id of a user of the account`);
    events.push({ type: 'ContactAssigned', data: { contact, user_id } });
  }
  if (data.name !== undefined && data.name !== self.name)
    events.unshift({ type: 'AccountRenamed', data: { name: data.name } });
  return events;
}

function evolve(self: Account | undefined, event: AccountEvent): Account {
  if (event.type === 'CompanyOpened') return { name: event.data.name, parent_id: null, contacts: noContacts };
  if (!self) throw new Error(`${event.type} in an account that was never opened`);
  switch (event.type) {
    case 'AccountRenamed':
      return { ...self, name: event.data.name };
    case 'ContactAssigned':
      return { ...self, contacts: { ...self.contacts, [event.data.contact]: event.data.user_id } };
  }
}

const noContacts = { super_admin: null, technical_contact: null, business_contact: null };

export const account = aggregate<Commands, AccountEvent>()({
  /** Under the one key `account`. */
  state: (journal) => ({ account: new JournaledMap<Account>(journal) }),
  commands: {
    OpenCompany: { class: OpenCompany, needs: 'service', opens: true, admit: admitCompany },
    UpdateAccount: {
      class: UpdateAccount,
      needs: 'account.settings',
      admit: ({ data }, state) =>
        requireText(nameRule, 'name', data.name, state.account.get('account')?.name),
    },
  },
  events: {
    CompanyOpened: told('create', 'opened the company {account}', { name: text, all_users_group_id: id }),
    AccountRenamed: told('settings', 'renamed the account to {name}', { name: text }),
    ContactAssigned: told('settings', 'made {user} the {contact}', {
      contact: word(contactKinds),
      user_id: id,
    }),
  },
  decide: (command, state, questions) => decide(command, state.account.get('account'), questions),
  evolve: (state, { event }) => state.account.set('account', evolve(state.account.get('account'), event)),
  follow: {
    ClientOpened: (state, { name, parent_id }) =>
      state.account.set('account', { name, parent_id, contacts: noContacts }),
  },
});
