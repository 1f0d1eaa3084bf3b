import type { AccountUser } from '../domain/account-user.js';
import { emailKey } from '../domain/email-address.js';
import { weightOf } from '../domain/weight.js';
import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import { Remembered } from './remembered.js';
import type { Stamps } from './stamps.js';
import type { ViewsDatabase } from './views-database.js';

/** The user that a credential stands for. */
export interface Principal {
  readonly id: string;
  readonly account: string;
}

/** The user that an API key stands for. */
export interface KeyHolder extends Principal {
  /** Id of the key. */
  readonly key: string;
  /** Other users whose rights limit the key. It holds nothing that they do not hold as well. */
  readonly limitedBy: readonly AccountUser[];
}

export interface PasswordView extends Principal {
  readonly password_hash: string;
  /** When the lock ends or has ended, ISO 8601 in UTC with milliseconds; null when there is none. */
  readonly locked_until: string | null;
  /** The time at which the lock was recorded; null when there is none. */
  readonly locked_since: string | null;
}

/** The user whose password a token sets. */
export interface PasswordTokenView extends Principal {
  readonly email: string;
  /** Id of the mail that the token was sent in; null for a token without a mail. */
  readonly mail: string | null;
  /** The token is valid from `issued` to `expires`. Both are ISO 8601 in UTC with milliseconds. */
  readonly issued: string;
  readonly expires: string;
}

const principal = 'holder.id AS id, owner.id AS account';
const ofOpenAccount = (user: string) =>
  `JOIN entities holder ON holder.number = ${user} JOIN entities owner ON owner.number = holder.account
   JOIN accounts ON accounts.account = owner.number AND ${now('accounts')} AND accounts.status <> 'disabled'`;

type KeyRow = Principal & { readonly key: string; readonly limited_by: string | null };

/** The credentials of callers. In an account that is disabled or closed they are worthless. */
export class Credentials {
  private readonly keys: Statement<KeyRow>;
  private readonly keyHolders: Remembered<KeyHolder>;
  private readonly passwords: Statement<PasswordView>;
  private readonly ownPasswords: Statement<PasswordView>;
  private readonly tokens: Statement<PasswordTokenView>;
  private readonly accounts: Statement<{ account: string }>;

  /** @param bytes what may be remembered of keys */
  constructor(database: ViewsDatabase, stamps: Stamps, bytes: number) {
    this.keys = database.prepare(
      `SELECT ${principal}, self.id AS key, limited_by FROM api_keys
       JOIN entities self ON self.number = api_key ${ofOpenAccount('api_keys.user')}
       WHERE key_hash = ? AND ${now('api_keys')}`,
    );
    this.keyHolders = new Remembered<KeyHolder>(stamps, { bytes, weigh: weightOf });
    const passwords = `SELECT ${principal}, password_hash, locked_until, locked_since FROM users
       JOIN passwords USING (user) ${ofOpenAccount('users.user')}
       WHERE email_key = ? AND ${now('users')} AND ${now('passwords')}`;
    this.passwords = database.prepare(`${passwords} LIMIT ?`);
    this.ownPasswords = database.prepare(`${passwords} AND owner.id = ?`);
    this.accounts = database.prepare(
      `SELECT DISTINCT owner.id AS account FROM users JOIN entities owner ON owner.number = users.account
       WHERE email_key = ? AND ${now('users')} LIMIT ?`,
    );
    this.tokens = database.prepare(
      `SELECT ${principal}, email, sent.id AS mail, issued, expires FROM password_tokens
       LEFT JOIN entities sent ON sent.number = mail
       JOIN users ON users.user = password_tokens.user AND ${now('users')} ${ofOpenAccount('users.user')}
       WHERE token_hash = ? AND ${now('password_tokens')}`,
    );
  }

  /** The accounts that have a user with this address, at most `most` of them. */
  accountsWith(email: string, most: number): readonly string[] {
    return this.accounts.all(emailKey(email), most).map(({ account }) => account);
  }

  /** @param keyHash SHA-256 of the key, hexadecimal */
  byKeyHash(keyHash: string): KeyHolder | undefined {
    const ask = () => holderOf(this.keys.get(keyHash));
    return this.keyHolders.of(keyHash, ask, ({ id, account }) => [id, account]);
  }

  /** The users of all accounts that have this address and a password. @param most how many at most; all with -1 */
  byEmail(email: string, most = -1): readonly PasswordView[] {
    return this.passwords.all(emailKey(email), most);
  }

  /** The user of an account that has this address and a password. */
  byEmailIn(account: string, email: string): PasswordView | undefined {
    return this.ownPasswords.get(emailKey(email), account);
  }

  /** @param tokenHash SHA-256 of the token, hexadecimal */
  byTokenHash(tokenHash: string): PasswordTokenView | undefined {
    return this.tokens.get(tokenHash);
  }
}

function holderOf(row: KeyRow | undefined): KeyHolder | undefined {
  if (!row) return undefined;
  const { limited_by, ...holder } = row;
  return { ...holder, limitedBy: limited_by === null ? [] : (JSON.parse(limited_by) as AccountUser[]) };
}
