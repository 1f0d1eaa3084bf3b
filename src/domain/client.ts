import type { Account, AccountRenamed } from './account.js';
import { aggregate, plain } from './aggregate.js';
import type { ClientStatus } from './client-status.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { ClientOpened } from './followed-events.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';

/** What a client account has of something, besides its seats: kept and shown, and enforced by nothing here. */
export const quotaNames = [
  'api.requests.perDay',
  'dashboard.combined.total',
  'published.private.links',
] as const;
export type QuotaName = (typeof quotaNames)[number];

/** The resources of a client account; `company.seats` is the client's seats. */
export const resourceNames = [
  ...(['api.requests.perDay', 'dashboard.combined.total'] as const),
  ...(['company.seats', 'published.private.links'] as const),
];
export type ResourceName = (typeof resourceNames)[number];

const EXTENSION_MS = 14 * 24 * 3_600_000;

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

/** Sets resources by name, -1 for any number; names that are not sent stay. */
export class SetClientResources extends AccountCommand<{
  readonly resources: { readonly [Name in ResourceName]?: number | undefined };
}> {
  readonly type = 'SetClientResources';
}

/** Gives a trial 14 more days, from its end or from now when that is later. `now` is ISO 8601 in UTC with milliseconds. */
export class ExtendClientTrial extends AccountCommand<{ readonly now: string }> {
  readonly type = 'ExtendClientTrial';
}

export class EnableClientDirectBilling extends AccountCommand<Readonly<Record<string, never>>> {
  readonly type = 'EnableClientDirectBilling';
}

export class CloseClient extends AccountCommand<Readonly<Record<string, never>>> {
  readonly type = 'CloseClient';
}

type ClientCommand =
  | OpenClient
  | UpdateClient
  | SetClientResources
  | ExtendClientTrial
  | EnableClientDirectBilling
  | CloseClient;

export type ClientDescriptionChanged = Event<'ClientDescriptionChanged', { description: string }>;
export type ClientStatusChanged = Event<'ClientStatusChanged', { status: ClientStatus }>;
/** There may be more users than seats: only new users need one. */
export type ClientSeatsChanged = Event<'ClientSeatsChanged', { seats: number }>;
export type ClientExternalIdChanged = Event<'ClientExternalIdChanged', { external_id: string | null }>;
export type ClientThemeChanged = Event<'ClientThemeChanged', { custom_theme: string | null }>;
/** Only resources that changed, by name. */
export type ClientResourcesSet = Event<
  'ClientResourcesSet',
  { resources: { readonly [Name in QuotaName]?: number } }
>;
/** When the trial ends, ISO 8601 in UTC with milliseconds. */
export type ClientTrialExtended = Event<'ClientTrialExtended', { trial_ends: string }>;
export type ClientDirectBillingEnabled = Event<'ClientDirectBillingEnabled', Record<string, never>>;
/** The account has come to its end and with it everything in it; it cannot be opened again. */
export type ClientClosed = Event<'ClientClosed', Record<string, never>>;

export type ClientEvent =
  | ClientOpened
  | ClientDescriptionChanged
  | ClientStatusChanged
  | ClientSeatsChanged
  | ClientExternalIdChanged
  | ClientThemeChanged
  | ClientResourcesSet
  | ClientTrialExtended
  | ClientDirectBillingEnabled
  | ClientClosed;

/** What only a client account has; its name is among the facts of every account. */
export interface Client {
  readonly description: string;
  readonly status: ClientStatus;
  /** Whether it ever was active: it cannot be set up or on trial again then. */
  readonly was_active: boolean;
  readonly external_id: string | null;
  readonly custom_theme: string | null;
  /** How many users it may have, -1 for any number. */
  readonly seats: number;
  /** -1 for any number, as is what is absent. */
  readonly resources: { readonly [Name in QuotaName]?: number };
  readonly trial_ends: string | null;
  readonly direct_billing: boolean;
  readonly closed: boolean;
}

/** Whether the users of the client are kept out. */
export function isShut({ closed, status }: Client): boolean {
  return closed || status === 'disabled';
}

/** @throws Rejection account_exists; client_not_found for a company; client_status_transition, external_id_in_use, client_not_in_trial */
function decide(
  command: ClientCommand,
  account: Account | undefined,
  self: Client | undefined,
  questions: Questions,
): (ClientEvent | AccountRenamed)[] {
  if (command.type === 'OpenClient') {
    if (account) throw new Rejection('account_exists');
    requireFreeExternalId(command.data.external_id, questions);
    return [{ type: 'ClientOpened', data: { ...command.data } }];
  }
  if (!account || !self) throw new Rejection('client_not_found');
  switch (command.type) {
    case 'UpdateClient':
      return update(command, self, account, questions);
    case 'SetClientResources':
      return setResources(command, self);
    case 'ExtendClientTrial': {
      if (self.status !== 'trial') throw new Rejection('client_not_in_trial');
      const { now } = command.data;
      const from = self.trial_ends !== null && self.trial_ends > now ? self.trial_ends : now;
      const trial_ends = new Date(Date.parse(from) + EXTENSION_MS).toISOString();
      return [{ type: 'ClientTrialExtended', data: { trial_ends } }];
    }
    case 'EnableClientDirectBilling':
      return self.direct_billing ? [] : [{ type: 'ClientDirectBillingEnabled', data: {} }];
    case 'CloseClient':
      return [{ type: 'ClientClosed', data: {} }];
  }
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

function setResources({ data: { resources } }: SetClientResources, self: Client): ClientEvent[] {
  const changed = quotaNames.flatMap((name) => {
    const value = resources[name];
    return value === undefined || value === quotaOf(self, name) ? [] : [[name, value] as const];
  });
  const seats = resources['company.seats'] ?? self.seats;
  return [
    ...(changed.length === 0
      ? []
      : [{ type: 'ClientResourcesSet' as const, data: { resources: Object.fromEntries(changed) } }]),
    ...(seats === self.seats ? [] : [{ type: 'ClientSeatsChanged' as const, data: { seats } }]),
  ];
}

function quotaOf({ resources }: Client, name: QuotaName): number {
  return resources[name] ?? -1;
}

function opened({ description, status, external_id, custom_theme, seats }: ClientOpened['data']): Client {
  const facts = { description, status, was_active: status === 'active', external_id, custom_theme, seats };
  return { ...facts, resources: {}, trial_ends: null, direct_billing: false, closed: false };
}

function evolve(self: Client | undefined, event: ClientEvent): Client {
  if (event.type === 'ClientOpened') return opened(event.data);
  if (!self) throw new Error(`${event.type} in an account that is no client`);
  switch (event.type) {
    case 'ClientDescriptionChanged':
      return { ...self, description: event.data.description };
    case 'ClientStatusChanged': {
      const { status } = event.data;
      return { ...self, status, was_active: self.was_active || status === 'active' };
    }
    case 'ClientSeatsChanged':
      return { ...self, seats: event.data.seats };
    case 'ClientExternalIdChanged':
      return { ...self, external_id: event.data.external_id };
    case 'ClientThemeChanged':
      return { ...self, custom_theme: event.data.custom_theme };
    case 'ClientResourcesSet':
      return { ...self, resources: { ...self.resources, ...event.data.resources } };
    case 'ClientTrialExtended':
      return { ...self, trial_ends: event.data.trial_ends };
    case 'ClientDirectBillingEnabled':
      return { ...self, direct_billing: true };
    case 'ClientClosed':
      return { ...self, closed: true };
  }
}

type More = { readonly account: JournaledMap<Account> };

export const client = aggregate<ClientCommand, ClientEvent, More>()({
  /** Under the one key `client`; empty in a company. */
  state: (journal) => ({ client: new JournaledMap<Client>(journal) }),
  commands: {
    OpenClient: { class: OpenClient, needs: 'client.build', opens: true, aboutClient: true },
    UpdateClient: { class: UpdateClient, needs: 'client.edit', aboutClient: true },
    SetClientResources: { class: SetClientResources, needs: 'client.edit', aboutClient: true },
    ExtendClientTrial: { class: ExtendClientTrial, needs: 'client.edit', aboutClient: true },
    EnableClientDirectBilling: { class: EnableClientDirectBilling, needs: 'client.edit', aboutClient: true },
    CloseClient: { class: CloseClient, needs: 'client.delete', aboutClient: true },
  },
  events: {
    ClientOpened: plain,
    ClientDescriptionChanged: plain,
    ClientStatusChanged: plain,
    ClientSeatsChanged: plain,
    ClientExternalIdChanged: plain,
    ClientThemeChanged: plain,
    ClientResourcesSet: plain,
    ClientTrialExtended: plain,
    ClientDirectBillingEnabled: plain,
    ClientClosed: plain,
  },
  decide: (command, { account, client }, questions) =>
    decide(command, account.get('account'), client.get('client'), questions),
  evolve: ({ client }, { event }) => client.set('client', evolve(client.get('client'), event)),
});
