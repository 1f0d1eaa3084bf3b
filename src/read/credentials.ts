import { Query } from '@nestjs/cqrs';
import type { UserOf } from '../domain/api-key.js';
import { Rejection } from '../domain/rejection.js';
import { emailKey } from '../domain/email-address.js';
import type { Entities } from './entities.js';
import { type Handlers, type Page, type PageRequest, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const credentialsSchema = `
  CREATE TABLE passwords (
    user INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, password_hash TEXT NOT NULL
  );
  CREATE UNIQUE INDEX passwords_now ON passwords (user) WHERE until = ${NOW};
  CREATE TABLE api_keys (
    api_key INTEGER NOT NULL, user INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    name TEXT NOT NULL, key_hash TEXT NOT NULL, created TEXT NOT NULL, issued_by TEXT, limited_by TEXT
  );
  CREATE UNIQUE INDEX api_keys_now ON api_keys (api_key) WHERE until = ${NOW};
  CREATE INDEX api_keys_by_hash ON api_keys (key_hash) WHERE until = ${NOW};
  CREATE INDEX api_keys_of_user ON api_keys (user, api_key) WHERE until = ${NOW};
`;

/** Whom a credential stands for. */
export interface Principal {
  readonly id: string;
  readonly account: string;
}

/** Whom an API key stands for. */
export interface KeyHolder extends Principal {
  /** Id of the key. */
  readonly key: string;
  /** Whoever else limits what it holds: no more than they hold as well. */
  readonly limitedBy: readonly UserOf[];
}

export interface PasswordView extends Principal {
  readonly password_hash: string;
  /** When the lock ends or has ended, ISO 8601 in UTC with milliseconds; null when there is none. */
  readonly locked_until: string | null;
  /** When the lock was recorded; null when there is none. */
  readonly locked_since: string | null;
}

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly created: string;
  /** Id of the user who made it, maybe one of the company; null when the operator or the service did. */
  readonly issued_by: string | null;
}

/** The API keys of a user, never the keys themselves. @throws Rejection user_not_found */
export class ListApiKeys extends Query<Page<ApiKeyView>> {
  constructor(
    readonly account: string,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

type PasswordRow = { user: number; password_hash: string };
type ApiKeyRow = {
  api_key: number;
  user: number;
  name: string;
  key_hash: string;
  created: string;
  issued_by: string | null;
  /** JSON; null for a key that holds all that its user holds. */
  limited_by: string | null;
};

/** Whose user somebody is; nobody's in an account that is disabled or closed. */
const ofOpenAccount = `JOIN entities holder ON holder.number = user JOIN entities owner ON owner.number = holder.account
  JOIN accounts ON accounts.account = owner.number AND accounts.until = ${NOW} AND accounts.status <> 'disabled'`;

export class Credentials implements ReadModel {
  private readonly passwords: Versions<PasswordRow>;
  private readonly keys: Versions<ApiKeyRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.passwords = new Versions<PasswordRow>(views, 'passwords', ['user'], ['user', 'password_hash']);
    this.keys = new Versions<ApiKeyRow>(
      views,
      'api_keys',
      ['api_key'],
      ['api_key', 'user', 'name', 'key_hash', 'created', 'issued_by', 'limited_by'],
    );
    this.statements = {
      byKeyHash: views.prepare<Principal & { key: string; limited_by: string | null }>(
        `SELECT holder.id AS id, owner.id AS account, self.id AS key, limited_by FROM api_keys
         JOIN entities self ON self.number = api_key ${ofOpenAccount}
         WHERE key_hash = ? AND api_keys.until = ${NOW}`,
      ),
      byEmail: views.prepare<PasswordView>(
        `SELECT holder.id AS id, owner.id AS account, password_hash, locked_until, locked_since FROM users
         JOIN passwords USING (user) ${ofOpenAccount}
         WHERE email_key = ? AND users.until = ${NOW} AND passwords.until = ${NOW} ORDER BY user`,
      ),
      ofUser: views.prepare<ApiKeyView>(
        `SELECT id, name, created, issued_by FROM api_keys JOIN entities ON number = api_key
         WHERE user = ? AND until = ${NOW} ORDER BY api_key LIMIT ? OFFSET ?`,
      ),
      countOfUser: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM api_keys WHERE user = ? AND until = ${NOW}`,
      ),
      endPasswords: views.prepare<never>(`UPDATE passwords SET until = ? WHERE user = ? AND until = ${NOW}`),
      endKeys: views.prepare<never>(`UPDATE api_keys SET until = ? WHERE user = ? AND until = ${NOW}`),
    };
  }

  readonly handlers: Handlers = {
    UserPasswordSet: ({ user_id, password_hash }, at) => {
      this.passwords.put({ user: this.entities.number(user_id), password_hash }, at);
    },
    ApiKeyIssued: ({ user_id, key_id, name, key_hash, issued_by, limited_by }, at) => {
      const api_key = this.entities.declare(key_id, 'key', at.account);
      const user = this.entities.number(user_id);
      // Not by number: they may be of the company, whose events may come later.
      const limits = limited_by.length === 0 ? null : JSON.stringify(limited_by);
      this.keys.open({ api_key, user, name, key_hash, created: at.time, issued_by, limited_by: limits }, at);
    },
    ApiKeyRevoked: ({ key_id }, at) => {
      const api_key = this.entities.number(key_id);
      this.keys.close(at, api_key);
      this.entities.end(api_key);
    },
    UserDeleted: ({ user_id }, at) => {
      const user = this.entities.number(user_id);
      this.statements.endPasswords.run(at.revision, user);
      this.statements.endKeys.run(at.revision, user);
    },
  };

  /**
   * The user of a key, unless the user's account is disabled or closed.
   * @param keyHash SHA-256 of the key, hexadecimal
   */
  byKeyHash(keyHash: string): KeyHolder | undefined {
    const row = this.statements.byKeyHash.get(keyHash);
    if (!row) return undefined;
    const { limited_by, ...holder } = row;
    return { ...holder, limitedBy: limited_by === null ? [] : (JSON.parse(limited_by) as UserOf[]) };
  }

  /** Everybody with this address who has a password, in whatever account that is neither disabled nor closed. */
  byEmail(email: string): readonly PasswordView[] {
    return this.statements.byEmail.all(emailKey(email));
  }

  keysOf({ account, userId, page }: ListApiKeys): Page<ApiKeyView> {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    const rows = this.statements.ofUser.all(user, page.limit, page.offset);
    return { rows, total: this.statements.countOfUser.get(user)?.total ?? 0 };
  }
}
