import { MOST_PASSWORD_TOKENS } from '../domain/password-tokens.js';
import type { Principal } from './credentials.js';
import type { Entities } from './entities.js';
import { type Handlers, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const passwordTokensSchema = `
  CREATE TABLE password_tokens (
    user INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    token_hash TEXT NOT NULL, issued TEXT NOT NULL, expires TEXT NOT NULL
  );
  CREATE INDEX password_tokens_by_hash ON password_tokens (token_hash) WHERE until = ${NOW};
  CREATE INDEX password_tokens_of_user ON password_tokens (user, since) WHERE until = ${NOW};
`;

/** Whose password a token sets. */
export interface PasswordTokenView extends Principal {
  readonly email: string;
  /** Both ISO 8601 in UTC with milliseconds; the token holds from the one to the other. */
  readonly issued: string;
  readonly expires: string;
}

type TokenRow = { user: number; token_hash: string; issued: string; expires: string };

/** The password tokens that were not used; in an account that is disabled or closed they are good for nothing. */
export class PasswordTokens implements ReadModel {
  private readonly versions: Versions<TokenRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.versions = new Versions<TokenRow>(
      views,
      'password_tokens',
      ['user'],
      ['user', 'token_hash', 'issued', 'expires'],
    );
    this.statements = {
      byHash: views.prepare<PasswordTokenView>(
        `SELECT holder.id AS id, owner.id AS account, email, issued, expires
         FROM password_tokens tokens JOIN users ON users.user = tokens.user AND users.until = ${NOW}
         JOIN accounts ON accounts.account = users.account AND accounts.until = ${NOW}
           AND accounts.status <> 'disabled'
         JOIN entities holder ON holder.number = tokens.user JOIN entities owner ON owner.number = users.account
         WHERE token_hash = ? AND tokens.until = ${NOW}`,
      ),
      endOldest: views.prepare<never>(
        `UPDATE password_tokens SET until = ?1 WHERE user = ?2 AND until = ${NOW} AND since <=
           (SELECT since FROM password_tokens WHERE user = ?2 AND until = ${NOW}
            ORDER BY since DESC LIMIT 1 OFFSET ${MOST_PASSWORD_TOKENS})`,
      ),
    };
  }

  readonly handlers: Handlers = {
    PasswordTokenIssued: ({ user_id, token_hash, expires }, at) => {
      const user = this.entities.number(user_id);
      this.versions.open({ user, token_hash, issued: at.time, expires }, at);
      this.statements.endOldest.run(at.revision, user);
    },
    UserPasswordSet: ({ user_id }, at) => {
      this.versions.close(at, this.entities.number(user_id));
    },
    UserEmailChanged: ({ user_id }, at) => {
      this.versions.close(at, this.entities.number(user_id));
    },
    UserDeleted: ({ user_id }, at) => {
      this.versions.close(at, this.entities.number(user_id));
    },
  };

  /** @param tokenHash SHA-256 of the token, hexadecimal */
  byTokenHash(tokenHash: string): PasswordTokenView | undefined {
    return this.statements.byHash.get(tokenHash);
  }
}
