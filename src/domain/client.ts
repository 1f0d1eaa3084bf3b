import type { Account, AccountRenamed } from './account.js';
import { noTexts, requireTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { type ClientStatus, clientStatuses } from './client-status.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { ClientOpened } from './followed-events.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, text, textOrNull, whole, word } from './shape.js';
import { externalIdRule, freeTextRule, nameRule } from './text.js';

/** Opens a client account of a company. `seats` is the number of users it may have, -1 for any number. */
export class OpenClient extends AccountCommand<{
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

/** Absent fields stay as they are; `external_id: null` and `custom_theme: null` clear. */
export class UpdateClient extends AccountCommand<{
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly status?: ClientStatus | undefined;
  readonly seats?: number | undefined;
  readonly external_id?: string | null | undefined;
  readonly custom_theme?: string | null | undefined;
}> {
  readonly type = 'UpdateClient';
}

export class CloseClient extends AccountCommand<Readonly<Record<string, never>>> {
  readonly type = 'CloseClient';
}

type ClientCommand = OpenClient | UpdateClient | CloseClient;

export type ClientDescriptionChanged = Event<'ClientDescriptionChanged', { description: string }>;
export type ClientStatusChanged = Event<'ClientStatusChanged', { status: ClientStatus }>;
/** There may be more users than seats: only new users need one. */
export type ClientSeatsChanged = Event<'ClientSeatsChanged', { seats: number }>;
export type ClientExternalIdChanged = Event<'ClientExternalIdChanged', { external_id: string | null }>;
export type ClientThemeChanged = Event<'ClientThemeChanged', { custom_theme: string | null }>;
/** The account is closed with everything in it. It cannot be opened again. */
export type ClientClosed = Event<'ClientClosed', Record<string, never>>;

export type ClientEvent =
  | ClientOpened
  | ClientDescriptionChanged
  | ClientStatusChanged
  | ClientSeatsChanged
  | ClientExternalIdChanged
  | ClientThemeChanged
  | ClientClosed;

/** What only a client account has; its name is among the facts of every account. */
export interface Client {
  readonly description: string;
  readonly status: ClientStatus;
  /** Whether it ever was active. If so, it cannot be in setup or on trial again. */
  readonly was_active: boolean;
  readonly external_id: string | null;
  readonly custom_theme: string | null;
  /** How many users it may have, -1 for any number. */
  readonly seats: number;
  readonly closed: boolean;
}

/** Whether the users of the client are kept out. */
export function isShut({ closed, status }: Client): boolean {
  return closed || status === 'disabled';
}

const texts = {
  ...{ name: nameRule, description: freeTextRule },
  ...{ custom_theme: nameRule, external_id: externalIdRule },
};
type More = { readonly account: JournaledMap<Account> };
type Parts = More & { readonly client: JournaledMap<Client> };

function admit({ data }: OpenClient | UpdateClient, { account, client }: Parts): void {
  const self = client.get('client');
  requireTexts(texts, data, self && { ...self, name: account.get('account')?.name });
}

/** @throws Rejection account_exists; client_not_found for a company; client_status_transition, external_id_in_use, quota_exceeded */
function decide(
  command: ClientCommand,
  account: Account | undefined,
  self: Client | undefined,
  questions: Questions,
): (ClientEvent | AccountRenamed)[] {
  if (command.type === 'OpenClient') {
    if (account) throw new Rejection('account_exists');
    questions.requireRoom('clients', questions.clientsOfCompany());
    requireFreeExternalId(command.data.external_id, questions);
    return [{ type: 'ClientOpened', data: { ...command.data } }];
  }
  if (!account || !self) throw new Rejection('client_not_found');
  if (command.type === 'UpdateClient') return update(command, self, account, questions);
  return [{ type: 'ClientClosed', data: {} }];
}

function update(
  { data }: UpdateClient,
  self: Client,
  account: Account,
  questions: Questions,
): (ClientEvent | AccountRenamed)[] {
  const { name = account.name, seats = self.seats } = data;
  const { description = self.description, status = self.status } = data;
  const { external_id = self.external_id, custom_theme = self.custom_theme } = data;
  const events: (ClientEvent | AccountRenamed)[] = [];
  if (name !== account.name) events.push({ type: 'AccountRenamed', data: { name } });
  if (description !== self.description)
    events.push({ type: 'ClientDescriptionChanged', data: { description } });
  if (status !== self.status) {
    requireReachable(status, self);
    events.push({ type: 'ClientStatusChanged', data: { status } });
  }
  if (seats !== self.seats) events.push({ type: 'ClientSeatsChanged', data: { seats } });
  if (external_id !== self.external_id) {
    requireFreeExternalId(external_id, questions);
    events.push({ type: 'ClientExternalIdChanged', data: { external_id } });
  }
  if (custom_theme !== self.custom_theme) events.push({ type: 'ClientThemeChanged', data: { custom_theme } });
  return events;
}

function requireFreeExternalId(external_id: string | null, questions: Questions): void {
  if (external_id !== null && questions.isClientExternalIdTaken(external_id))
    throw new Rejection('external_id_in_use', 'Another client of the company has this external id');
}

function requireReachable(status: ClientStatus, self: Client): void {
  if (self.was_active && (status === 'setup' || status === 'trial'))
    throw new Rejection('client_status_transition');
}

function evolve(self: Client | undefined, event: ClientEvent): Client {
  if (event.type === 'ClientOpened') {
    const { description, status, external_id, custom_theme, seats } = event.data;
    const facts = { description, status, external_id, custom_theme, seats };
    return { ...facts, was_active: status === 'active', closed: false };
  }
  if (!self) throw new Error(`${event.type} in an account that is no client`);
  switch (event.type) {
    case 'ClientStatusChanged': {
      const { status } = event.data;
      return { ...self, status, was_active: self.was_active || status === 'active' };
    }
    case 'ClientClosed':
      return { ...self, closed: true };
    case 'ClientDescriptionChanged':
    case 'ClientSeatsChanged':
    case 'ClientExternalIdChanged':
    case 'ClientThemeChanged':
      return { ...self, ...event.data };
  }
}

export const client = aggregate<ClientCommand, ClientEvent, More>()({
  /** Under the one key `client`; empty in a company. */
  state: (journal) => ({ client: new JournaledMap<Client>(journal) }),
  commands: {
    OpenClient: { class: OpenClient, needs: 'client.build', opens: true, aboutClient: true, admit },
    UpdateClient: { class: UpdateClient, needs: 'client.edit', aboutClient: true, admit },
    CloseClient: { class: CloseClient, needs: 'client.delete', aboutClient: true, admit: noTexts },
  },
  events: {
    ClientOpened: told('create', 'opened the client account {client}', {
      ...{ parent_id: id, name: text, description: text, status: word(clientStatuses), seats: whole },
      ...{ external_id: textOrNull, custom_theme: textOrNull, all_users_group_id: id },
    }),
    ClientDescriptionChanged: told('settings', 'changed the description of {client}', { description: text }),
    ClientStatusChanged: told('settings', 'set the status of {client} to {status}', {
      status: word(clientStatuses),
    }),
    ClientSeatsChanged: told('settings', 'set the seats of {client} to {seats}', { seats: whole }),
    ClientExternalIdChanged: told('settings', 'set the external id of {client} to {external_id}', {
      external_id: textOrNull,
    }),
    ClientThemeChanged: told('settings', 'set the theme of {client} to {custom_theme}', {
      custom_theme: textOrNull,
    }),
    ClientClosed: told('delete', 'closed the client account {client}', {}),
  },
  decide: (command, { account, client }, questions) =>
    decide(command, account.get('account'), client.get('client'), questions),
  evolve: ({ client }, { event }) => client.set('client', evolve(client.get('client'), event)),
});
