import { Query } from '@nestjs/cqrs';
import { type ContactKind, contactKinds } from '../domain/account.js';
import { Rejection } from '../domain/rejection.js';
import type { Counters } from './counters.js';
import type { Entities } from './entities.js';
import { type Handlers, type Occasion, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const accountsSchema = `
  CREATE TABLE accounts (
    account INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, parent INTEGER,
    opened TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, seats INTEGER NOT NULL,
    external_id TEXT, custom_theme TEXT, trial_ends TEXT, direct_billing INTEGER NOT NULL,
    all_users_group INTEGER NOT NULL,
    super_admin INTEGER, technical_contact INTEGER, business_contact INTEGER
  );
  CREATE UNIQUE INDEX accounts_now ON accounts (account) WHERE until = ${NOW};
  CREATE INDEX clients_of ON accounts (parent, opened) WHERE until = ${NOW};
  CREATE INDEX clients_by_external_id ON accounts (parent, external_id) WHERE until = ${NOW} AND external_id IS NOT NULL;
`;

export interface AccountView {
  readonly id: string;
  readonly name: string;
  /** The company of a client account; null for a company. */
  readonly parent_id: string | null;
  readonly contacts: Readonly<Record<ContactKind, string | null>>;
}

/** A company or client account. @throws Rejection client_not_found when there is none or it is closed */
export class GetAccount extends Query<AccountView> {
  constructor(readonly account: string) {
    super();
  }
}

type AccountRow = {
  account: number;
  parent: number | null;
  opened: string;
  name: string;
  description: string;
  status: string;
  seats: number;
  external_id: string | null;
  custom_theme: string | null;
  trial_ends: string | null;
  direct_billing: number;
  all_users_group: number;
  super_admin: number | null;
  technical_contact: number | null;
  business_contact: number | null;
};

type AccountViewRow = { name: string; parent_id: string | null } & Record<ContactKind, string | null>;

const idOf = (column: string) => `(SELECT id FROM entities WHERE number = ${column}) AS ${column}`;

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
        ...(['account', 'parent', 'opened', 'name', 'description', 'status', 'seats'] as const),
        ...(['external_id', 'custom_theme', 'trial_ends', 'direct_billing', 'all_users_group'] as const),
        ...contactKinds,
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
      oldestCompany: views.prepare<{ id: string; name: string }>(
        `SELECT id, name FROM accounts JOIN entities ON number = accounts.account
         WHERE parent IS NULL AND until = ${NOW} ORDER BY opened, number LIMIT 1`,
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
    ClientDescriptionChanged: ({ description }, at) => {
      this.versions.change(at, { description }, at.account);
    },
    ClientStatusChanged: ({ status }, at) => {
      this.versions.change(at, { status }, at.account);
    },
    ClientSeatsChanged: ({ seats }, at) => {
      this.versions.change(at, { seats }, at.account);
    },
    ClientExternalIdChanged: ({ external_id }, at) => {
      this.versions.change(at, { external_id }, at.account);
    },
    ClientThemeChanged: ({ custom_theme }, at) => {
      this.versions.change(at, { custom_theme }, at.account);
    },
    ClientTrialExtended: ({ trial_ends }, at) => {
      this.versions.change(at, { trial_ends }, at.account);
    },
    ClientDirectBillingEnabled: (_, at) => {
      this.versions.change(at, { direct_billing: 1 }, at.account);
    },
    ClientClosed: (_, at) => {
      const parent = this.versions.current(at.account)?.parent ?? null;
      if (parent !== null) this.counters.add(parent, 'clients', -1);
      this.versions.close(at, at.account);
      this.entities.end(at.account);
    },
    ContactAssigned: ({ contact, user_id }, at) => {
      this.versions.change(at, { [contact]: this.entities.number(user_id) }, at.account);
    },
  };

  /** Undefined when there is no company yet. */
  oldestCompany(): { readonly id: string; readonly name: string } | undefined {
    return this.statements.oldestCompany.get();
  }

  get({ account }: GetAccount): AccountView {
    const number = this.entities.find('account', account, account);
    const row = number === undefined ? undefined : this.statements.account.get(number);
    if (!row) throw new Rejection('client_not_found');
    const { name, parent_id, super_admin, technical_contact, business_contact } = row;
    return { id: account, name, parent_id, contacts: { super_admin, technical_contact, business_contact } };
  }

  /** The company of an account: null for a company, undefined for one that is closed or never was. */
  parentOf(account: string): string | null | undefined {
    return this.statements.parent.get(account)?.parent_id;
  }

  private open(
    facts: Pick<AccountRow, 'parent' | 'name' | 'description' | 'status' | 'seats'> & Partial<AccountRow>,
    allUsersGroupId: string,
    at: Occasion,
  ): void {
    const none = { super_admin: null, technical_contact: null, business_contact: null };
    const unset = { external_id: null, custom_theme: null, trial_ends: null, direct_billing: 0 };
    const all_users_group = this.entities.number(allUsersGroupId);
    const whence = { account: at.account, opened: at.time, all_users_group };
    this.versions.open({ ...unset, ...facts, ...none, ...whence }, at);
  }
}
