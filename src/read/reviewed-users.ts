import type { Statement } from '../event-store/sqlite.js';
import { ACCOUNT, past } from './at.js';
import type { Reader } from './grants.js';
import { atMost } from './page.js';

export interface ReviewedUser {
  /** The user's number. The list goes on after it. */
  readonly number: number;
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  /** ISO 8601 in UTC with milliseconds; null when there was none. */
  readonly last_login: string | null;
}

export interface ReviewedKey {
  readonly id: string;
  readonly name: string;
  /** As `last_login`. */
  readonly created: string;
}

/** The users of an account as they were at one revision. */
export class ReviewedUsers {
  private readonly list: Statement<ReviewedUser>;
  private readonly one: Statement<ReviewedUser>;
  private readonly keys: Statement<ReviewedKey>;

  /** @param account its number */
  constructor(
    reader: Reader,
    private readonly account: number,
    private readonly revision: number,
  ) {
    const columns = 'number, id, first_name, last_name, email, last_login';
    this.list = reader.prepare(
      `SELECT ${columns} FROM ${past.page('users', `account = ${ACCOUNT} AND user > ?3`, 'user', atMost(4))}
       JOIN entities ON number = user ORDER BY user`,
    );
    this.one = reader.prepare(
      `SELECT ${columns} FROM entities JOIN users ON user = number
       WHERE id = ?3 AND users.account = ${ACCOUNT} AND ${past('users')}`,
    );
    this.keys = reader.prepare(
      `SELECT id, name, created FROM api_keys JOIN entities ON number = api_key
       WHERE user = ?2 AND ${past('api_keys')} ORDER BY api_key`,
    );
  }

  /** The users that follow a given one, in the order in which they were made. */
  after(number: number, most: number): readonly ReviewedUser[] {
    return this.list.all(this.revision, this.account, number, most);
  }

  /** Undefined when there was no such user. */
  withId(id: string): ReviewedUser | undefined {
    return this.one.get(this.revision, this.account, id);
  }

  keysOf({ number }: ReviewedUser): readonly ReviewedKey[] {
    return this.keys.all(this.revision, number);
  }
}
