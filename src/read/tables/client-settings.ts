import { integer, text, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

/** A value is JSON: a text, a number or a boolean. */
export const clientSettings = versioned('client_settings', {
  key: ['account', 'name'],
  columns: { account: integer, name: text, value: text },
});

export const clientSettingHandlers = ({ database }: Writers) => {
  const rows = clientSettings.in(database);
  return {
    ClientSettingsSet: ({ settings }, at) => {
      for (const [name, value] of Object.entries(settings)) {
        const { account } = at;
        if (value === null) rows.close(at, { account, name });
        else rows.put(at, { account, name, value: JSON.stringify(value) });
      }
    },
  } satisfies Handlers;
};
