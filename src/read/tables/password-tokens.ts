import { MOST_PASSWORD_TOKENS } from '../../domain/password-tokens.js';
import { integer, optionalInteger, text, versioned } from '../versioned.js';
import { NOW } from '../views-database.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

/**
 * The password tokens that were not used. A token was `issued` at `revision`, just after
 * its `mail` was claimed.
 */
export const passwordTokens = versioned('password_tokens', {
  key: ['user', 'revision'],
  columns: {
    user: integer,
    revision: integer,
    mail: optionalInteger,
    token_hash: text,
    issued: text,
    expires: text,
  },
  now: [['token_hash']],
});

export const passwordTokenHandlers = ({ database, entities }: Writers) => {
  const rows = passwordTokens.in(database);
  const surplus = database.prepare<{ revision: number }>(
    `SELECT revision FROM password_tokens WHERE user = ? AND until = ${NOW}
     ORDER BY revision DESC LIMIT 1 OFFSET ${MOST_PASSWORD_TOKENS}`,
  );
  const claimed = database.prepare<{ mail: number }>(
    `SELECT mail FROM mails WHERE user = ? AND since = ? AND until = ${NOW}`,
  );
  const end = ({ user_id }: { readonly user_id: string }, at: EventContext) =>
    void rows.closeAll(at, { user: entities.number(user_id) });
  return {
    PasswordTokenIssued: ({ user_id, token_hash, expires }, at) => {
      const user = entities.number(user_id);
      const { mail = null } = claimed.get(user, at.revision - 1) ?? {};
      rows.open(at, { user, revision: at.revision, mail, token_hash, issued: at.time, expires });
      const oldest = surplus.get(user);
      if (oldest) rows.close(at, { user, ...oldest });
    },
    UserPasswordSet: end,
    UserEmailChanged: end,
    UserDeleted: end,
  } satisfies Handlers;
};
