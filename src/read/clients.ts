import type { ClientStatus } from '../domain/client-status.js';
import { only } from '../event-store/sqlite.js';
import { now } from './at.js';
import { clientColumns, type ClientRow, type ClientView } from './client.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { PresentQuestion } from './question.js';
import { RowList } from './row-list.js';
import type { ViewsDatabase } from './views-database.js';

/** A client account at a revision of its own stream. */
export interface ListedClient extends ClientView {
  readonly revision: number;
}

export interface ClientFilter {
  readonly external_id?: string | undefined;
  readonly status?: ClientStatus | undefined;
}

/** The client accounts of a company that are not closed, oldest first. */
export class ListClients extends PresentQuestion<Page<ListedClient>> {
  readonly type = 'ListClients';

  /** @param account id of the company */
  constructor(
    account: string,
    readonly filter: ClientFilter,
    readonly page: PageRequest,
  ) {
    super(account);
  }
}

const parent = '(SELECT number FROM entities WHERE id = ?1)';
const isListed = `parent = ${parent} AND ${now('accounts')} AND (?2 IS NULL OR external_id = ?2) AND (?3 IS NULL OR status = ?3)`;

export const listClients = (database: ViewsDatabase) => {
  const count = database.prepare<{ total: number }>(
    `SELECT count(*) AS total FROM accounts WHERE ${isListed}`,
  );
  // Each client has a stream of its own. So the views may meet clients in another order than
  // they were opened in.
  const list = new RowList<ClientRow & { revision: number }>(
    database,
    `SELECT ${clientColumns(now)}, revision FROM accounts
     JOIN entities ON entities.number = accounts.account JOIN checkpoints ON checkpoints.account = id
     WHERE ${isListed} ORDER BY opened, id ${pageBy(4)}`,
  );
  return ({ account, filter, page }: ListClients): Page<ListedClient> => {
    const narrowed = [account, filter.external_id ?? null, filter.status ?? null] as const;
    const { total } = only(count.get(...narrowed));
    return pageOf(total, page, (...limits) => list.all(...narrowed, ...limits).map(listed));
  };
};

function listed({ direct_billing, ...facts }: ClientRow & { revision: number }): ListedClient {
  return { ...facts, direct_billing: direct_billing === 1 };
}
