import { integer, optionalText, text, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

/** `limited_by` is JSON; null for a key that holds everything that its user holds. */
export const apiKeys = versioned('api_keys', {
  key: ['api_key'],
  columns: {
    api_key: integer,
    user: integer,
    name: text,
    key_hash: text,
    created: text,
    issued_by: optionalText,
    limited_by: optionalText,
  },
  by: [['user', 'api_key']],
  now: [['key_hash']],
});

export const apiKeyHandlers = ({ database, entities }: Writers) => {
  const rows = apiKeys.in(database);
  return {
    ApiKeyIssued: ({ user_id, key_id, name, key_hash, issued_by, limited_by }, at) => {
      const [api_key, user] = [entities.declare(key_id, at.account), entities.number(user_id)];
      // Ids and not numbers: the users may belong to the company, whose events may come later.
      const limits = { issued_by, limited_by: limited_by.length === 0 ? null : JSON.stringify(limited_by) };
      rows.open(at, { api_key, user, name, key_hash, created: at.time, ...limits });
    },
    ApiKeyRevoked: ({ key_id }, at) => rows.close(at, { api_key: entities.number(key_id) }),
    UserDeleted: ({ user_id }, at) => rows.closeAll(at, { user: entities.number(user_id) }),
  } satisfies Handlers;
};
