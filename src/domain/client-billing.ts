import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import type { Client } from './client.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import { Rejection } from './rejection.js';
import { moment } from './shape.js';

const EXTENSION_MS = 14 * 24 * 3_600_000;

/** Gives a trial 14 more days, from its end or from now when that is later. `now` is ISO 8601 in UTC with milliseconds. */
export class ExtendClientTrial extends AccountCommand<{ readonly now: string }> {
  readonly type = 'ExtendClientTrial';
}

export class EnableClientDirectBilling extends AccountCommand<Readonly<Record<string, never>>> {
  readonly type = 'EnableClientDirectBilling';
}

type ClientBillingCommand = ExtendClientTrial | EnableClientDirectBilling;

/** When the trial ends, ISO 8601 in UTC with milliseconds. */
export type ClientTrialExtended = Event<'ClientTrialExtended', { trial_ends: string }>;
export type ClientDirectBillingEnabled = Event<'ClientDirectBillingEnabled', Record<string, never>>;

type ClientBillingEvent = ClientTrialExtended | ClientDirectBillingEnabled;

/** How a client account is paid for. */
export interface ClientBilling {
  /** null for a trial that was never extended. */
  readonly trial_ends: string | null;
  readonly direct_billing: boolean;
}

const atFirst: ClientBilling = { trial_ends: null, direct_billing: false };

/** @throws Rejection client_not_found for a company; client_not_in_trial */
function decide(
  { type, data }: ClientBillingCommand,
  self: ClientBilling,
  client: Client | undefined,
): ClientBillingEvent[] {
  if (!client) throw new Rejection('client_not_found');
  if (type === 'EnableClientDirectBilling')
    return self.direct_billing ? [] : [{ type: 'ClientDirectBillingEnabled', data: {} }];
  if (client.status !== 'trial') throw new Rejection('client_not_in_trial');
  const { now } = data;
  const from = self.trial_ends !== null && self.trial_ends > now ? self.trial_ends : now;
  const trial_ends = new Date(Date.parse(from) + EXTENSION_MS).toISOString();
  return [{ type: 'ClientTrialExtended', data: { trial_ends } }];
}

type More = { readonly client: JournaledMap<Client> };

export const clientBilling = aggregate<ClientBillingCommand, ClientBillingEvent, More>()({
  /** Under the one key `client`; empty until something changes. */
  state: (journal) => ({ clientBilling: new JournaledMap<ClientBilling>(journal) }),
  commands: {
    ExtendClientTrial: { class: ExtendClientTrial, needs: 'client.edit', aboutClient: true, admit: noTexts },
    EnableClientDirectBilling: {
      class: EnableClientDirectBilling,
      needs: 'client.edit',
      aboutClient: true,
      admit: noTexts,
    },
  },
  events: {
    ClientTrialExtended: told('settings', 'extended the trial of {client}', { trial_ends: moment }),
    ClientDirectBillingEnabled: told('settings', 'enabled direct billing for {client}', {}),
  },
  decide: (command, { clientBilling, client }) =>
    decide(command, clientBilling.get('client') ?? atFirst, client.get('client')),
  evolve: ({ clientBilling }, { event: { type, data } }) => {
    const changed = type === 'ClientTrialExtended' ? data : { direct_billing: true };
    clientBilling.set('client', { ...(clientBilling.get('client') ?? atFirst), ...changed });
  },
});
