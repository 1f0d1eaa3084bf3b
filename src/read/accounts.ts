import { Query } from '@nestjs/cqrs';
import type { ClientStatus, ContactKind } from '../domain/account.js';
import { Rejection } from '../domain/rejection.js';
import type { Counters } from './counters.js';
import type { Entities } from './entities.js';
import {
  type Handlers,
  type Occasion,
  type Page,
  type PageRequest,
  type ReadModel,
  Versions,
} from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const accountsSchema = `
  CREATE TABLE accounts (
    account INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, parent INTEGER,
    name TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, seats INTEGER NOT NULL,
    external_id TEXT, custom_theme TEXT, all_users_group INTEGER NOT NULL,
    super_admin INTEGER, technical_contact INTEGER, business_contact INTEGER
  );
  CREATE UNIQUE INDEX accounts_now ON accounts (account) WHERE until = ${NOW};
  CREATE INDEX clients_of ON accounts (parent, account) WHERE until = ${NOW};
`;

export interface AccountView {
  readonly id: string;
  readonly name: string;
  /** The company of a client account; null for a company. */
  readonly parent_id: string | null;
  readonly contacts: Readonly<Record<ContactKind, string | null>>;
}

export interface ClientView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: ClientStatus;
  readonly seats: number;
  readonly external_id: string | null;
  readonly custom_theme: string | null;
}

export interface ClientFilter {
  readonly external_id?: string | undefined;
  readonly status?: ClientStatus | undefined;
}

/** A company or client account. @throws Rejection client_not_found */
export class GetAccount extends Query<AccountView> {
  constructor(readonly account: string) {
    super();
  }
}

/** The client accounts of a company. */
export class ListClients extends Query<Page<ClientView>> {
  constructor(
    readonly account: string,
    readonly filter: ClientFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One client account. @throws Rejection client_not_found */
export class GetClient extends Query<ClientView> {
  constructor(readonly account: string) {
    super();
  }
}

type AccountRow = {
  account: number;
  parent: number | null;
  name: string;
  description: string;
  status: string;
  seats: number;
  external_id: string | null;
  custom_theme: string | null;
  all_users_group: number;
  super_admin: number | null;
  technical_contact: number | null;
  business_contact: number | null;
};

type AccountViewRow = { name: string; parent_id: string | null } & Record<ContactKind, string | null>;

const idOf = (column: string) => `(SELECT id FROM entities WHERE number = ${column}) AS ${column}`;
const clientColumns = 'id, name, description, status, seats, external_id, custom_theme';

export class Accounts implements ReadModel {
  private readonly versions: Versions<AccountRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly counters: Counters,
  ) {
    this.versions = new Versions<AccountRow>(
      views,
      'accounts',
      ['account'],
      [
        ...(['account', 'parent', 'name', 'description', 'status', 'seats', 'external_id'] as const),
        ...([
          'custom_theme',
          'all_users_group',
          'super_admin',
          'technical_contact',
          'business_contact',
        ] as const),
      ],
    );
    this.statements = {
      account: views.prepare<AccountViewRow>(
        `SELECT name, (SELECT id FROM entities WHERE number = parent) AS parent_id, ${idOf('super_admin')},
         ${idOf('technical_contact')}, ${idOf('business_contact')}
         FROM accounts WHERE account = ? AND until = ${NOW}`,
      ),
      parent: views.prepare<{ parent_id: string | null }>(
        `SELECT parent.id AS parent_id FROM accounts JOIN entities self ON self.number = accounts.account
         LEFT JOIN entities parent ON parent.number = parent WHERE self.id = ? AND until = ${NOW}`,
      ),
      client: views.prepare<ClientView>(
        `SELECT ${clientColumns} FROM accounts JOIN entities ON number = accounts.account
         WHERE id = ? AND parent IS NOT NULL AND until = ${NOW}`,
      ),
      clients: views.prepare<ClientView>(
        `SELECT ${clientColumns} FROM accounts JOIN entities ON number = accounts.account
         WHERE parent = ?1 AND until = ${NOW} AND (?2 IS NULL OR external_id = ?2) AND (?3 IS NULL OR status = ?3)
         ORDER BY accounts.account LIMIT ?4 OFFSET ?5`,
      ),
      countClients: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM accounts
         WHERE parent = ?1 AND until = ${NOW} AND (?2 IS NULL OR external_id = ?2) AND (?3 IS NULL OR status = ?3)`,
      ),
    };
  }

  readonly handlers: Handlers = {
    CompanyOpened: ({ name, all_users_group_id }, at) => {
      this.open({ parent: null, name, description: '', status: 'active', seats: -1 }, all_users_group_id, at);
    },
    ClientOpened: ({ parent_id, all_users_group_id, ...facts }, at) => {
      const parent = this.entities.number(parent_id);
      this.open({ ...facts, parent }, all_users_group_id, at);
      this.counters.add(parent, 'clients', 1);
    },
    AccountRenamed: ({ name }, at) => {
      this.versions.change(at, { name }, at.account);
    },
    ContactAssigned: ({ contact, user_id }, at) => {
      this.versions.change(at, { [contact]: this.entities.number(user_id) }, at.account);
    },
  };

  get({ account }: GetAccount): AccountView {
    const number = this.entities.find('account', account, account);
    const row = number === undefined ? undefined : this.statements.account.get(number);
    if (!row) throw new Rejection('client_not_found');
    const { name, parent_id, super_admin, technical_contact, business_contact } = row;
    return { id: account, name, parent_id, contacts: { super_admin, technical_contact, business_contact } };
  }

  /** The company of an account: null for a company, undefined for no account at all. */
  parentOf(account: string): string | null | undefined {
    return this.statements.parent.get(account)?.parent_id;
  }

  getClient({ account }: GetClient): ClientView {
    const row = this.statements.client.get(account);
    if (!row) throw new Rejection('client_not_found');
    return row;
  }

  listClients({ account, filter, page }: ListClients): Page<ClientView> {
    const number = this.entities.known(account);
    const narrowed = [filter.external_id ?? null, filter.status ?? null] as const;
    const rows = this.statements.clients.all(number, ...narrowed, page.limit, page.offset);
    const isFiltered = narrowed.some((value) => value !== null);
    const total = isFiltered
      ? (this.statements.countClients.get(number, ...narrowed)?.total ?? 0)
      : this.counters.value(number, 'clients');
    return { rows, total };
  }

  private open(
    facts: Pick<AccountRow, 'parent' | 'name' | 'description' | 'status' | 'seats'> & Partial<AccountRow>,
    allUsersGroupId: string,
    at: Occasion,
  ): void {
    const none = { super_admin: null, technical_contact: null, business_contact: null };
    const all_users_group = this.entities.number(allUsersGroupId);
    this.versions.open(
      { external_id: null, custom_theme: null, ...facts, ...none, account: at.account, all_users_group },
      at,
    );
  }
}
