import type { MailKind } from '../domain/mail.js';
import type { Entities } from './entities.js';
import { type Handlers, type Occasion, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const mailsSchema = `
  CREATE TABLE mails (
    mail INTEGER NOT NULL, user INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    kind TEXT NOT NULL, event_id TEXT NOT NULL, requested TEXT NOT NULL, attempts INTEGER NOT NULL, due TEXT,
    due_since TEXT, put_off INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX mails_now ON mails (mail) WHERE until = ${NOW};
  CREATE INDEX mails_of_user ON mails (user) WHERE until = ${NOW};
  CREATE INDEX mails_untried ON mails (requested, mail) WHERE until = ${NOW} AND due IS NULL;
  CREATE INDEX mails_put_off ON mails (due, mail) WHERE until = ${NOW} AND due IS NOT NULL;
  CREATE INDEX mails_ahead ON mails (due_since, mail) WHERE until = ${NOW} AND due_since IS NOT NULL;
`;

/** A mail that is still to be sent, with all that is to be written in it; times are ISO 8601 in UTC with milliseconds. */
export interface PendingMail {
  readonly account: string;
  readonly account_name: string;
  readonly user_id: string;
  readonly mail_id: string;
  /** The id of the event that asked for it, the same in every attempt. */
  readonly event_id: string;
  readonly kind: MailKind;
  readonly requested: string;
  /** How often somebody has taken it on. */
  readonly attempts: number;
  /** From when on it may be taken on; null for one that nobody has tried. */
  readonly due: string | null;
  /** Since when it has been due only then; later than now where a clock was ahead. */
  readonly due_since: string | null;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly has_password: boolean;
}

type MailRow = {
  mail: number;
  user: number;
  kind: string;
  event_id: string;
  requested: string;
  attempts: number;
  due: string | null;
  due_since: string | null;
  put_off: number;
};
type FoundMail = Omit<PendingMail, 'has_password'> & { readonly has_password: 0 | 1 };

// The order of these tables is stated, so that a look that finds no mail reads one index entry and nothing else.
const found = `
  SELECT owner.id AS account, accounts.name AS account_name, holder.id AS user_id, entry.id AS mail_id,
    event_id, mails.kind, requested, attempts, due, due_since, first_name, last_name, email, mail,
    EXISTS (SELECT 1 FROM passwords WHERE passwords.user = mails.user AND passwords.until = ${NOW}) AS has_password
  FROM mails CROSS JOIN users CROSS JOIN accounts
    CROSS JOIN entities entry CROSS JOIN entities holder CROSS JOIN entities owner
  WHERE mails.until = ${NOW} AND users.user = mails.user AND users.until = ${NOW}
    AND accounts.account = users.account AND accounts.until = ${NOW} AND accounts.status <> 'disabled'
    AND entry.number = mail AND holder.number = mails.user AND owner.number = users.account`;

/** The mails that are still to be sent: a to-do list for whoever sends them. Those of disabled clients wait. */
export class Mails implements ReadModel {
  private readonly versions: Versions<MailRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.versions = new Versions<MailRow>(
      views,
      'mails',
      ['mail'],
      ['mail', 'user', 'kind', 'event_id', 'requested', 'attempts', 'due', 'due_since', 'put_off'],
    );
    this.statements = {
      one: views.prepare<FoundMail>(`${found} AND mail = ?`),
      due: views.prepare<FoundMail>(
        `SELECT * FROM (
           SELECT * FROM (${found} AND due IS NULL ORDER BY requested, mail LIMIT ?2)
           UNION ALL
           SELECT * FROM (${found} AND due IS NOT NULL AND due <= ?1 ORDER BY due, mail LIMIT ?2)
           UNION ALL
           SELECT * FROM (${found} AND due_since > ?1 AND due > ?1 ORDER BY due_since, mail LIMIT ?2)
         ) ORDER BY requested, mail LIMIT ?2`,
      ),
      claimed: views.prepare<FoundMail>(`${found} AND attempts > 0 AND put_off = 0 ORDER BY mail`),
      count: views.prepare<{ count: number }>(`SELECT count(*) AS count FROM mails WHERE until = ${NOW}`),
      ofUser: views.prepare<{ mail: number }>(`SELECT mail FROM mails WHERE user = ? AND until = ${NOW}`),
      ofAccount: views.prepare<{ mail: number }>(
        `SELECT mail FROM mails JOIN users USING (user)
         WHERE account = ? AND mails.until = ${NOW} AND users.until = ${NOW}`,
      ),
    };
  }

  readonly handlers: Handlers = {
    MailRequested: ({ user_id, mail_id, kind }, at) => {
      const mail = this.entities.declare(mail_id, 'mail', at.account);
      const user = this.entities.number(user_id);
      const request = { event_id: at.id, requested: at.time };
      this.versions.open(
        { mail, user, kind, ...request, attempts: 0, due: null, due_since: null, put_off: 0 },
        at,
      );
    },
    MailClaimed: ({ mail_id, until }, at) => {
      const mail = this.entities.number(mail_id);
      const attempts = (this.versions.current(mail)?.attempts ?? 0) + 1;
      this.versions.change(at, { attempts, due: until, due_since: at.time, put_off: 0 }, mail);
    },
    MailDeferred: ({ mail_id, until }, at) => {
      const put_off = { due: until, due_since: at.time, put_off: 1 };
      this.versions.change(at, put_off, this.entities.number(mail_id));
    },
    MailSent: ({ mail_id }, at) => {
      this.end(this.entities.number(mail_id), at);
    },
    MailGivenUp: ({ mail_id }, at) => {
      this.end(this.entities.number(mail_id), at);
    },
    UserDeleted: ({ user_id }, at) => {
      const user = this.entities.number(user_id);
      for (const { mail } of this.statements.ofUser.all(user)) this.end(mail, at);
    },
    ClientClosed: (_, at) => {
      for (const { mail } of this.statements.ofAccount.all(at.account)) this.end(mail, at);
    },
  };

  /**
   * Mails of all accounts that may be taken on now, those asked for first before the others. Among them are those that
   * were put off by a clock that was ahead: whoever takes one on waits first for as long as it was put off.
   * @param now ISO 8601 in UTC with milliseconds
   */
  pendingMails(now: string, limit: number): readonly PendingMail[] {
    return this.statements.due.all(now, limit).map(view);
  }

  /** A mail that is still to be sent, due or not; undefined when there is none of that id in the account. */
  pendingMail(account: string, mail_id: string): PendingMail | undefined {
    const mail = this.entities.find('mail', mail_id, account);
    const row = mail === undefined ? undefined : this.statements.one.get(mail);
    return row && view(row);
  }

  /** Mails that somebody has taken on, and of which nothing was recorded since. */
  claimedMails(): readonly PendingMail[] {
    return this.statements.claimed.all().map(view);
  }

  /** How many mails of all accounts are still to be sent, due or not. */
  count(): number {
    return this.statements.count.get()?.count ?? 0;
  }

  private end(mail: number, at: Occasion): void {
    this.versions.close(at, mail);
    this.entities.end(mail);
  }
}

function view(row: FoundMail): PendingMail {
  const { account, account_name, user_id, mail_id, event_id, kind, requested, attempts, due, due_since } =
    row;
  const { first_name, last_name, email, has_password } = row;
  const mail = { mail_id, event_id, kind, requested, attempts, due, due_since };
  const recipient = { user_id, first_name, last_name, email, has_password: has_password === 1 };
  return { account, account_name, ...mail, ...recipient };
}
