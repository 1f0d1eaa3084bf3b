import { integer, text, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

/** The time of an account's last sign-in by a present or former user. */
export const lastSignIns = versioned('last_sign_ins', {
  key: ['account'],
  columns: { account: integer, time: text },
});

export const lastSignInHandlers = ({ database }: Writers) => {
  const rows = lastSignIns.in(database);
  return {
    UserSignedIn: (_, at) => rows.put(at, { account: at.account, time: at.time }),
  } satisfies Handlers;
};
