import { integer, text, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

/** The resources of a client account except its seats, which are in the account's own row. */
export const clientResources = versioned('client_resources', {
  key: ['account', 'name'],
  columns: { account: integer, name: text, value: integer },
});

export const clientResourceHandlers = ({ database }: Writers) => {
  const rows = clientResources.in(database);
  return {
    ClientResourcesSet: ({ resources }, at) => {
      for (const [name, value] of Object.entries(resources))
        rows.put(at, { account: at.account, name, value });
    },
  } satisfies Handlers;
};
