import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { NestedMap } from './nested-map.js';
import {
  admitProperties,
  changeOf,
  type Properties,
  type PropertyMap,
  requireProperty,
  setProperties,
} from './properties.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { byName, id, text } from './shape.js';

/** Sets values of one client, by name; names that are not sent stay. A new name exists for every client of the company. */
export class SetClientProperties extends AccountCommand<{
  readonly client_id: string;
  readonly properties: PropertyMap;
}> {
  readonly type = 'SetClientProperties';
}

/** Takes a name, and every value under it, from all clients of the company. */
export class DeleteClientProperty extends AccountCommand<{
  readonly client_id: string;
  readonly name: string;
}> {
  readonly type = 'DeleteClientProperty';
}

export type ClientPropertyCommand = SetClientProperties | DeleteClientProperty;

/** Every client of the company has this property now, with the value "". */
export type ClientPropertyAdded = Event<'ClientPropertyAdded', { name: string }>;
/** Only values that changed, by name; "" stands for none. */
export type ClientPropertiesSet = Event<
  'ClientPropertiesSet',
  { client_id: string; properties: PropertyMap }
>;
/** No client of the company has this property any more. If it is added again, it starts with "" for all. */
export type ClientPropertyDeleted = Event<'ClientPropertyDeleted', { name: string }>;

export type ClientPropertyEvent = ClientPropertyAdded | ClientPropertiesSet | ClientPropertyDeleted;

/**
 * The client's own stream says whether there is such a client. The sender has looked there.
 * @throws Rejection property_not_found; client_not_found in a client account, which has no clients;
 * quota_exceeded for more names than a company may have
 */
function decide(
  command: ClientPropertyCommand,
  self: Properties,
  questions: Questions,
): ClientPropertyEvent[] {
  if (!questions.isCompany) throw new Rejection('client_not_found');
  switch (command.type) {
    case 'SetClientProperties': {
      const { client_id, properties } = command.data;
      const { added, set } = changeOf(self, client_id, properties, questions);
      return [
        ...added.map((name) => ({ type: 'ClientPropertyAdded' as const, data: { name } })),
        ...(set ? [{ type: 'ClientPropertiesSet' as const, data: { client_id, properties: set } }] : []),
      ];
    }
    case 'DeleteClientProperty': {
      const { name } = command.data;
      requireProperty(self, name);
      return [{ type: 'ClientPropertyDeleted', data: { name } }];
    }
  }
}

/** Applies an event in place. */
function evolve(self: Properties, event: ClientPropertyEvent): void {
  switch (event.type) {
    case 'ClientPropertyAdded':
      self.inner(event.data.name);
      return;
    case 'ClientPropertiesSet':
      setProperties(self, event.data.client_id, event.data.properties);
      return;
    case 'ClientPropertyDeleted':
      self.delete(event.data.name);
  }
}

export const clientProperties = aggregate<ClientPropertyCommand, ClientPropertyEvent>()({
  state: (journal) => ({ clientProperties: new NestedMap(journal) }),
  commands: {
    SetClientProperties: {
      class: SetClientProperties,
      needs: 'client.edit',
      admit: ({ data }, state) => admitProperties(state.clientProperties, data.client_id, data.properties),
    },
    DeleteClientProperty: { class: DeleteClientProperty, needs: 'client.edit', admit: noTexts },
  },
  events: {
    ClientPropertyAdded: told('create', 'added the property {name} for clients', { name: text }),
    ClientPropertiesSet: told('update', 'set properties of {client}', {
      client_id: id,
      properties: byName(text),
    }),
    ClientPropertyDeleted: told('delete', 'deleted the property {name} of clients', { name: text }),
  },
  decide: (command, { clientProperties }, questions) => decide(command, clientProperties, questions),
  evolve: ({ clientProperties }, { event }) => evolve(clientProperties, event),
});
