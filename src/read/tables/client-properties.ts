import type { Handlers, Writers } from './handlers.js';
import { Properties, propertyTables } from './properties.js';

/** Facts of the company's stream: the client's own may be read earlier or later than these. */
export const clientProperties = propertyTables('client');

export const clientPropertyHandlers = ({ database, entities }: Writers) => {
  const properties = new Properties(database, clientProperties);
  return {
    ClientPropertyAdded: ({ name }, at) => properties.add(at, name),
    ClientPropertiesSet: (data, at) => properties.set(at, entities.number(data.client_id), data.properties),
    ClientPropertyDeleted: ({ name }, at) => properties.delete(at, name),
  } satisfies Handlers;
};
