import { integer, text, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

export const passwords = versioned('passwords', {
  key: ['user'],
  columns: { user: integer, password_hash: text },
});

export const passwordHandlers = ({ database, entities }: Writers) => {
  const rows = passwords.in(database);
  return {
    UserPasswordSet: ({ user_id, password_hash }, at) =>
      rows.put(at, { user: entities.number(user_id), password_hash }),
    UserRestored: ({ user_id }, at) => {
      // A password ends only with a new password or with its user. So the last one is the deleted user's.
      const former = rows.last({ user: entities.number(user_id) });
      if (former) rows.open(at, former);
    },
    UserDeleted: ({ user_id }, at) => rows.close(at, { user: entities.number(user_id) }),
  } satisfies Handlers;
};
