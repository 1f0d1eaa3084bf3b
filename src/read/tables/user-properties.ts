import type { Handlers, Writers } from './handlers.js';
import { Properties, propertyTables } from './properties.js';

export const userProperties = propertyTables('user');

export const userPropertyHandlers = ({ database, entities }: Writers) => {
  const properties = new Properties(database, userProperties);
  return {
    UserPropertyAdded: ({ name }, at) => properties.add(at, name),
    UserPropertiesSet: (data, at) => properties.set(at, entities.number(data.user_id), data.properties),
    UserPropertyDeleted: ({ name }, at) => properties.delete(at, name),
    UserRestored: (data, at) => properties.set(at, entities.number(data.user_id), data.properties),
    UserDeleted: ({ user_id }, at) => properties.end(at, entities.number(user_id)),
  } satisfies Handlers;
};
