import { emailKey } from '../../domain/email-address.js';
import { only } from '../../event-store/sqlite.js';
import { integer, optionalText, text, versioned } from '../versioned.js';
import { oneMore } from '../versions.js';
import type { Handlers, Writers } from './handlers.js';

export const users = versioned('users', {
  key: ['user'],
  columns: {
    user: integer,
    account: integer,
    first_name: text,
    last_name: text,
    email: text,
    email_key: text,
    external_id: optionalText,
    created: text,
    sign_ins: integer,
    last_login: optionalText,
    locked_until: optionalText,
    locked_since: optionalText,
  },
  by: [
    ['account', 'user'],
    ['email_key', 'account'],
    ['account', 'external_id'],
  ],
});

export const userHandlers = ({ database, entities, counts }: Writers) => {
  const rows = users.in(database);
  const key = (user_id: string) => ({ user: entities.number(user_id) });
  return {
    UserCreated: ({ user_id, first_name, last_name, email, external_id }, at) => {
      const { account, time: created } = at;
      const facts = { first_name, last_name, email, email_key: emailKey(email), external_id };
      const none = { sign_ins: 0, last_login: null, locked_until: null, locked_since: null };
      rows.open(at, { user: entities.declare(user_id, account), account, ...facts, created, ...none });
      counts.add(at, account, 'users', 1);
    },
    UserRenamed: ({ user_id, first_name, last_name }, at) =>
      rows.change(at, key(user_id), { first_name, last_name }),
    UserEmailChanged: ({ user_id, email }, at) =>
      rows.change(at, key(user_id), { email, email_key: emailKey(email) }),
    UserExternalIdChanged: ({ user_id, external_id }, at) => rows.change(at, key(user_id), { external_id }),
    UserSignedIn: ({ user_id }, at) =>
      rows.change(at, key(user_id), { sign_ins: oneMore, last_login: at.time }),
    UserLocked: ({ user_id, until }, at) =>
      rows.change(at, key(user_id), { locked_until: until, locked_since: at.time }),
    UserUnlocked: ({ user_id }, at) =>
      rows.change(at, key(user_id), { locked_until: null, locked_since: null }),
    UserDeleted: ({ user_id }, at) => {
      rows.close(at, key(user_id));
      counts.add(at, at.account, 'users', -1);
    },
    UserRestored: ({ user_id, first_name, last_name, email, external_id }, at) => {
      const facts = { first_name, last_name, email, email_key: emailKey(email), external_id };
      rows.open(at, { ...only(rows.last(key(user_id))), ...facts });
      counts.add(at, at.account, 'users', 1);
    },
  } satisfies Handlers;
};
