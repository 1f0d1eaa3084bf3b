import { Query } from '@nestjs/cqrs';
import type { ClientStatus } from '../domain/client-status.js';
import type { Elsewhere } from '../domain/questions.js';
import { Rejection } from '../domain/rejection.js';
import type { Counters } from './counters.js';
import type { Entities } from './entities.js';
import type { Handlers, Page, PageRequest, ReadModel } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** Not system-versioned: every sign-in is in the rows of its user. */
export const clientsSchema = `
  CREATE TABLE last_sign_ins (account INTEGER PRIMARY KEY, time TEXT NOT NULL) WITHOUT ROWID;
`;

export interface ClientView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: ClientStatus;
  readonly seats: number;
  readonly external_id: string | null;
  readonly custom_theme: string | null;
  /** The last recorded sign-in of anybody who is or was a user, ISO 8601 in UTC with milliseconds; null without one. */
  readonly last_sign_in: string | null;
  /** As `last_sign_in`; null when the trial was never extended. */
  readonly trial_ends: string | null;
  readonly direct_billing: boolean;
}

export interface ClientFilter {
  readonly external_id?: string | undefined;
  readonly status?: ClientStatus | undefined;
}

/**
 * The client accounts of a company, oldest first; those that are closed are not among them.
 * Each has a stream of its own, so views need not meet them in the order in which they were opened.
 */
export class ListClients extends Query<Page<ClientView>> {
  constructor(
    readonly account: string,
    readonly filter: ClientFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One client account. @throws Rejection client_not_found when there is none or it is closed */
export class GetClient extends Query<ClientView> {
  constructor(readonly account: string) {
    super();
  }
}

type ClientRow = Omit<ClientView, 'direct_billing'> & { direct_billing: number };

const columns = [
  ...['id', 'name', 'description', 'status', 'seats', 'external_id', 'custom_theme'],
  ...['time AS last_sign_in', 'trial_ends', 'direct_billing'],
].join(', ');
const source = `accounts JOIN entities ON number = accounts.account
  LEFT JOIN last_sign_ins ON last_sign_ins.account = accounts.account`;
const isListed = `parent = ?1 AND until = ${NOW} AND (?2 IS NULL OR external_id = ?2) AND (?3 IS NULL OR status = ?3)`;

/** The client accounts among the accounts. */
export class Clients implements ReadModel, Elsewhere {
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly counters: Counters,
  ) {
    this.statements = {
      one: views.prepare<ClientRow>(
        `SELECT ${columns} FROM ${source} WHERE id = ? AND parent IS NOT NULL AND until = ${NOW}`,
      ),
      list: views.prepare<ClientRow>(
        `SELECT ${columns} FROM ${source} WHERE ${isListed} ORDER BY opened, id LIMIT ?4 OFFSET ?5`,
      ),
      count: views.prepare<{ total: number }>(`SELECT count(*) AS total FROM accounts WHERE ${isListed}`),
      byExternalId: views.prepare<{ id: string }>(
        `SELECT id FROM accounts JOIN entities ON number = accounts.account
         WHERE parent = ? AND external_id = ? AND until = ${NOW}`,
      ),
      signIn: views.prepare<never>(
        `INSERT INTO last_sign_ins (account, time) VALUES (?, ?)
         ON CONFLICT DO UPDATE SET time = excluded.time`,
      ),
    };
  }

  readonly handlers: Handlers = {
    UserSignedIn: (_, at) => {
      this.statements.signIn.run(at.account, at.time);
    },
  };

  get({ account }: GetClient): ClientView {
    const row = this.statements.one.get(account);
    if (!row) throw new Rejection('client_not_found');
    return viewOf(row);
  }

  /** Ids of the clients of a company that have this external id: one at most, but for older logs. */
  clientsWithExternalId(company: string, externalId: string): readonly string[] {
    const number = this.entities.known(company);
    return this.statements.byExternalId.all(number, externalId).map(({ id }) => id);
  }

  list({ account, filter, page }: ListClients): Page<ClientView> {
    const number = this.entities.known(account);
    const narrowed = [filter.external_id ?? null, filter.status ?? null] as const;
    const rows = this.statements.list.all(number, ...narrowed, page.limit, page.offset);
    const isFiltered = narrowed.some((value) => value !== null);
    const total = isFiltered
      ? (this.statements.count.get(number, ...narrowed)?.total ?? 0)
      : this.counters.value(number, 'clients');
    return { rows: rows.map(viewOf), total };
  }
}

function viewOf({ direct_billing, ...facts }: ClientRow): ClientView {
  return { ...facts, direct_billing: direct_billing === 1 };
}
