import type { MailAbout, MailKind } from '../domain/mail.js';
import { only } from '../event-store/sqlite.js';
import { now } from './at.js';
import { atMost } from './page.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * A mail that is still to be sent, with everything that its text needs. Times are ISO 8601
 * in UTC with milliseconds.
 */
export interface PendingMail {
  readonly account: string;
  readonly account_name: string;
  readonly user_id: string;
  readonly mail_id: string;
  /** The id of the event that asked for the mail. It is the same in every attempt. */
  readonly event_id: string;
  readonly kind: MailKind;
  /** What a mail about a webhook tells; null for others. */
  readonly about: MailAbout | null;
  readonly requested: string;
  /** How often an instance has claimed the mail. */
  readonly attempts: number;
  /** The time from which the mail may be claimed; null for a mail that was never tried. */
  readonly due: string | null;
  /** The time at which `due` was set. It is later than now when a clock was ahead. */
  readonly due_since: string | null;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly has_password: boolean;
}

type Row = Omit<PendingMail, 'has_password' | 'about'> & {
  readonly has_password: number;
  readonly about: string | null;
};

const columns = `owner.id AS account, accounts.name AS account_name, holder.id AS user_id, entry.id AS mail_id,
  event_id, kind, about, requested, attempts, due, due_since, first_name, last_name, email,
  EXISTS (SELECT 1 FROM passwords WHERE passwords.user = mails.user AND ${now('passwords')}) AS has_password`;
// CROSS JOIN fixes the order of the tables. So a look that finds no mail reads one index
// entry and nothing else.
const found = `FROM mails CROSS JOIN users CROSS JOIN accounts
    CROSS JOIN entities entry CROSS JOIN entities holder CROSS JOIN entities owner
  WHERE ${now('mails')} AND users.user = mails.user AND ${now('users')}
    AND accounts.account = mails.account AND ${now('accounts')} AND accounts.status <> 'disabled'
    AND entry.number = mail AND holder.number = mails.user AND owner.number = mails.account`;
const untried = `SELECT ${columns}, mail ${found} AND due IS NULL ORDER BY requested, mail ${atMost(2)}`;
const putOffByClockAhead = `SELECT ${columns}, mail ${found} AND due_since > ?1 AND due > ?1 ORDER BY due_since, mail ${atMost(2)}`;
const triedBefore = `SELECT ${columns}, mail ${found} AND due <= ?1 ORDER BY due, requested, mail ${atMost(2)}`;

/** The mails that are still to be sent, as the sender's to-do list. The mails of disabled clients wait. */
export class Mails {
  private readonly statements;

  constructor(database: ViewsDatabase) {
    this.statements = {
      one: database.prepare<Row>(`SELECT ${columns} ${found} AND entry.id = ? AND owner.id = ?`),
      due: database.prepare<Row>(
        `SELECT * FROM (SELECT * FROM (${untried}) UNION ALL SELECT * FROM (${triedBefore})
           UNION ALL SELECT * FROM (${putOffByClockAhead}))
         ORDER BY requested, mail ${atMost(2)}`,
      ),
      claimed: database.prepare<Row>(
        `SELECT ${columns} ${found} AND attempts > 0 AND put_off = 0 ORDER BY mail`,
      ),
      count: database.prepare<{ count: number }>(`SELECT count(*) AS count FROM mails WHERE ${now('mails')}`),
    };
  }

  /**
   * Mails of all accounts that may be claimed now, in the order in which they were asked for. Some of them
   * were put off by a clock that was ahead. An instance that claims such a mail first waits for as long as it
   * was put off.
   * @param time ISO 8601 in UTC with milliseconds
   */
  pendingMails(time: string, limit: number): readonly PendingMail[] {
    return this.statements.due.all(time, limit).map(view);
  }

  /** A mail that is still to be sent, due or not; undefined when the account has no such mail. */
  pendingMail(account: string, mail_id: string): PendingMail | undefined {
    const row = this.statements.one.get(mail_id, account);
    return row && view(row);
  }

  /** Mails that an instance has claimed and of which nothing was recorded since. */
  claimedMails(): readonly PendingMail[] {
    return this.statements.claimed.all().map(view);
  }

  /** The number of mails of all accounts that are still to be sent, due or not. */
  count(): number {
    return only(this.statements.count.get()).count;
  }
}

function view(row: Row): PendingMail {
  const { account, account_name, user_id, mail_id, event_id, kind, requested, attempts, due, due_since } =
    row;
  const { first_name, last_name, email } = row;
  const about = row.about === null ? null : (JSON.parse(row.about) as MailAbout);
  const mail = { mail_id, event_id, kind, about, requested, attempts, due, due_since };
  const recipient = { user_id, first_name, last_name, email, has_password: row.has_password === 1 };
  return { account, account_name, ...mail, ...recipient };
}
