import { emailKey } from '../domain/email-address.js';
import { only } from '../event-store/sqlite.js';
import { ACCOUNT, type At } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import { userColumns, type UserView } from './user.js';
import type { ViewsDatabase } from './views-database.js';

export interface UserFilter {
  readonly email?: string | undefined;
  readonly external_id?: string | undefined;
}

/**
 * The users of an account. Filters are exact and combine with AND. The filter by e-mail ignores letter case.
 */
export class ListUsers extends Question<Page<UserView>> {
  readonly type = 'ListUsers';

  constructor(
    at: Moment,
    readonly filter: UserFilter,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listUsers = (database: ViewsDatabase) => {
  const statement = (source: (at: At) => string) =>
    new MomentList<UserView>(database, (at) => `SELECT ${userColumns} FROM ${source(at)} ORDER BY +user`);
  const count = new MomentStatement<{ total: number }>(
    database,
    (at) => `SELECT ${at.total({ what: 'users', account: ACCOUNT, owner: ACCOUNT })} AS total`,
  );
  const all = statement(
    (at) => `${at.page('users', `account = ${ACCOUNT}`, 'user', pageBy(3))} JOIN entities ON number = user`,
  );
  const having = (column: string) =>
    statement(
      (at) =>
        `users JOIN entities ON number = user
         WHERE ${column} = ?3 AND users.account = ${ACCOUNT} AND ${at('users')}`,
    );
  const [withAddress, withExternalId] = [having('email_key'), having('external_id')];
  return ({ at, filter: { email, external_id }, page }: ListUsers): Page<UserView> => {
    if (email === undefined && external_id === undefined)
      return pageOf(only(count.get(at)).total, page, (...limits) => all.all(at, ...limits));
    // Both are unique within an account, except for addresses in older logs. So a filtered list is short.
    const key = email === undefined ? undefined : emailKey(email);
    const found =
      external_id === undefined ? withAddress.all(at, key ?? '') : withExternalId.all(at, external_id);
    const rows = found.filter((row) => key === undefined || emailKey(row.email) === key);
    return { rows: rows.slice(page.offset, page.offset + page.limit), total: rows.length };
  };
};
