import type { Handlers, Writers } from './handlers.js';
import { Properties, propertyTables } from './properties.js';

/** The facts come from the company's stream. The client's own stream may be read earlier or later. */
export const clientProperties = propertyTables('client');

export const clientPropertyHandlers = ({ database, entities }: Writers) => {
  const properties = new Properties(database, clientProperties);
  return {
    ClientPropertyAdded: ({ name }, at) => properties.add(at, name),
    ClientPropertiesSet: (data, at) => properties.set(at, entities.number(data.client_id), data.properties),
    ClientPropertyDeleted: ({ name }, at) => properties.delete(at, name),
  } satisfies Handlers;
};
