import type { Directory } from './directory.js';
import type { Journal } from './journaled-map.js';
import { type Event, Message } from './message.js';
import {
  addProperty,
  changeOf,
  type Properties,
  type PropertyMap,
  requireProperty,
  setProperties,
} from './properties.js';
import { Rejection } from './rejection.js';

/** Sets values of one client, by name; names that are not sent stay. A new name exists for every client of the company. */
export class SetClientProperties extends Message<{
  readonly client_id: string;
  readonly properties: PropertyMap;
}> {
  readonly type = 'SetClientProperties';
}

/** Takes a name, and every value under it, from all clients of the company. */
export class DeleteClientProperty extends Message<{ readonly client_id: string; readonly name: string }> {
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
/** No client of the company has this property any more; should it be added again, it starts with "" for all. */
export type ClientPropertyDeleted = Event<'ClientPropertyDeleted', { name: string }>;

export type ClientPropertyEvent = ClientPropertyAdded | ClientPropertiesSet | ClientPropertyDeleted;

/**
 * Whether there is such a client its own stream says, and the sender has looked there.
 * @throws Rejection property_not_found; client_not_found in a client account, which has no clients;
 * bad_request for more names than a company may have
 */
export function decideClientProperty(
  command: ClientPropertyCommand,
  self: Pick<Properties, 'get' | 'has' | 'size'>,
  directory: Directory,
): ClientPropertyEvent[] {
  if (directory.account?.parent_id !== null) throw new Rejection('client_not_found');
  switch (command.type) {
    case 'SetClientProperties': {
      const { client_id, properties } = command.data;
      const { added, set } = changeOf(self, client_id, properties);
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
export function evolveClientProperties(self: Properties, event: ClientPropertyEvent, journal: Journal): void {
  switch (event.type) {
    case 'ClientPropertyAdded':
      addProperty(self, event.data.name, journal);
      return;
    case 'ClientPropertiesSet':
      setProperties(self, event.data.client_id, event.data.properties);
      return;
    case 'ClientPropertyDeleted':
      self.delete(event.data.name);
  }
}
