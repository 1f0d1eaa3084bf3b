import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import type { Client, ClientSeatsChanged } from './client.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import { Rejection } from './rejection.js';
import { byWord, whole } from './shape.js';

/** What a client account has of something, besides its seats. It is kept and shown, and nothing here enforces it. */
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

/** Sets resources by name, -1 for any number; names that are not sent stay. */
export class SetClientResources extends AccountCommand<{
  readonly resources: { readonly [Name in ResourceName]?: number | undefined };
}> {
  readonly type = 'SetClientResources';
}

/** Only resources that changed, by name. */
export type ClientResourcesSet = Event<
  'ClientResourcesSet',
  { resources: { readonly [Name in QuotaName]?: number } }
>;

/** @throws Rejection client_not_found for a company */
function decide(
  { data: { resources } }: SetClientResources,
  self: JournaledMap<number>,
  client: Client | undefined,
): (ClientResourcesSet | ClientSeatsChanged)[] {
  if (!client) throw new Rejection('client_not_found');
  const events: (ClientResourcesSet | ClientSeatsChanged)[] = [];
  const changed = quotaNames.flatMap((name) => {
    const value = resources[name];
    return value === undefined || value === (self.get(name) ?? -1) ? [] : [[name, value] as const];
  });
  if (changed.length > 0)
    events.push({ type: 'ClientResourcesSet', data: { resources: Object.fromEntries(changed) } });
  const seats = resources['company.seats'] ?? client.seats;
  if (seats !== client.seats) events.push({ type: 'ClientSeatsChanged', data: { seats } });
  return events;
}

type More = { readonly client: JournaledMap<Client> };

export const clientResources = aggregate<SetClientResources, ClientResourcesSet, More>()({
  /** By name, -1 for any number, as is what is absent. */
  state: (journal) => ({ clientResources: new JournaledMap<number>(journal) }),
  commands: {
    SetClientResources: {
      class: SetClientResources,
      needs: 'client.edit',
      aboutClient: true,
      admit: noTexts,
    },
  },
  events: {
    ClientResourcesSet: told('settings', 'set resources of {client}', {
      resources: byWord(quotaNames, whole),
    }),
  },
  decide: (command, { clientResources, client }) => decide(command, clientResources, client.get('client')),
  evolve: ({ clientResources }, { event: { data } }) => {
    for (const [name, value] of Object.entries(data.resources)) clientResources.set(name, value);
  },
});
