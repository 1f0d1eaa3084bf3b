import { integer, optionalText, text, versioned } from '../versioned.js';
import { oneMore } from '../versions.js';
import type { Handlers, Writers } from './handlers.js';

/** The mails that are still to be sent. A mail that was tried may be tried again from `due` on. */
export const mails = versioned('mails', {
  key: ['mail'],
  columns: {
    mail: integer,
    user: integer,
    account: integer,
    kind: text,
    about: optionalText,
    event_id: text,
    requested: text,
    attempts: integer,
    due: optionalText,
    due_since: optionalText,
    put_off: integer,
  },
  now: [['user'], ['account'], ['due', 'requested', 'mail'], ['due_since', 'mail']],
});

export const mailHandlers = ({ database, entities }: Writers) => {
  const rows = mails.in(database);
  const key = (mail_id: string) => ({ mail: entities.number(mail_id) });
  return {
    MailRequested: (
      { user_id, mail_id, kind, about: what },
      { account, id: event_id, time: requested, revision },
    ) => {
      const [mail, user] = [entities.declare(mail_id, account), entities.number(user_id)];
      const about = what && JSON.stringify(what);
      const request = { mail, user, account, kind, about, event_id, requested };
      rows.open({ revision }, { ...request, attempts: 0, due: null, due_since: null, put_off: 0 });
    },
    MailClaimed: ({ mail_id, until: due }, at) =>
      rows.change(at, key(mail_id), { attempts: oneMore, due, due_since: at.time, put_off: 0 }),
    MailDeferred: ({ mail_id, until: due }, at) =>
      rows.change(at, key(mail_id), { due, due_since: at.time, put_off: 1 }),
    MailSent: ({ mail_id }, at) => rows.close(at, key(mail_id)),
    MailGivenUp: ({ mail_id }, at) => rows.close(at, key(mail_id)),
    UserDeleted: ({ user_id }, at) => rows.closeAll(at, { user: entities.number(user_id) }),
    ClientClosed: (_, at) => rows.closeAll(at, { account: at.account }),
  } satisfies Handlers;
};
