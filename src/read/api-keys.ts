import { foundUser } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly created: string;
  /**
   * Id of the user that made it, maybe one of the company; null for a key made by the
   * operator or the service.
   */
  readonly issued_by: string | null;
}

/** The API keys of a user, without the keys themselves. @throws Rejection user_not_found */
export class ListApiKeys extends Question<Page<ApiKeyView>> {
  readonly type = 'ListApiKeys';

  constructor(
    at: Moment,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

export const listApiKeys = (database: ViewsDatabase) => {
  const found = foundUser(
    database,
    (at) => `(SELECT count(*) FROM api_keys WHERE user = entities.number AND ${at('api_keys')})`,
  );
  const all = new MomentList<ApiKeyView>(
    database,
    (at) =>
      `SELECT id, name, created, issued_by FROM api_keys JOIN entities ON number = api_key
       WHERE user = ?3 AND ${at('api_keys')} ORDER BY api_key ${pageBy(4)}`,
  );
  return ({ at, userId, page }: ListApiKeys): Page<ApiKeyView> => {
    const { number, total } = found(at, userId);
    return pageOf(total, page, (...limits) => all.all(at, number, ...limits));
  };
};
