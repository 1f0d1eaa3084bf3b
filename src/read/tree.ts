import type { OtherAccounts } from '../domain/questions.js';
import type { Statement } from '../event-store/sqlite.js';
import { ACCOUNT, now } from './at.js';
import { MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { Remembered } from './remembered.js';
import type { Stamps } from './stamps.js';
import { groups } from './tables/groups.js';
import { roles } from './tables/roles.js';
import { tabInstances } from './tables/tab-instances.js';
import { users } from './tables/users.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** The kinds of things whose ids stand in paths, and the tables that have them. */
const tables = { user: users, group: groups, role: roles, tab_instance: tabInstances };

export type EntityKind = keyof typeof tables;

/** The present tree: the company of each account, and the account of each thing. */
export class Tree implements OtherAccounts {
  private readonly parent: Statement<{ parent_id: string | null }>;
  private readonly parents: Remembered<string | null>;
  private readonly formerParent: Statement<{ parent_id: string | null }>;
  private readonly oldest: Statement<{ id: string; name: string }>;
  private readonly openClients: Statement<{ count: number }>;
  private readonly active: Statement<{ account: string; revision: number }>;
  private readonly heads: Statement<{ account: string; revision: number }>;
  private readonly byExternalId: Statement<{ id: string }>;
  private readonly owners: ReadonlyMap<EntityKind, Statement<{ account: string }>>;
  private readonly declarer: Statement<{ account: string }>;
  private readonly open: MomentStatement<{ found: number }>;
  private readonly things: ReadonlyMap<EntityKind, MomentStatement<{ found: number }>>;

  /** @param bytes what may be remembered of accounts */
  constructor(database: ViewsDatabase, stamps: Stamps, bytes: number) {
    this.parents = new Remembered(stamps, { bytes });
    this.parent = database.prepare(
      `SELECT (SELECT id FROM entities WHERE number = parent) AS parent_id
       FROM entities JOIN accounts ON accounts.account = number WHERE id = ? AND ${now('accounts')}`,
    );
    this.formerParent = database.prepare(
      `SELECT (SELECT id FROM entities WHERE number = parent) AS parent_id
       FROM entities JOIN accounts ON accounts.account = number WHERE id = ? AND until < ${NOW} LIMIT 1`,
    );
    this.oldest = database.prepare(
      `SELECT id, name FROM accounts JOIN entities ON number = accounts.account
       WHERE parent IS NULL AND ${now('accounts')} ORDER BY opened, number LIMIT 1`,
    );
    this.openClients = database.prepare(
      `SELECT count(*) AS count FROM accounts
       WHERE parent = (SELECT number FROM entities WHERE id = ?) AND ${now('accounts')}`,
    );
    this.active = database.prepare(
      `SELECT entities.id AS account, revision FROM entities company
       JOIN accounts ON (accounts.account = company.number OR parent = company.number) AND ${now('accounts')}
       JOIN entities ON entities.number = accounts.account
       JOIN checkpoints ON checkpoints.account = entities.id WHERE company.id = ? AND latest >= ?`,
    );
    this.heads = database.prepare(
      `SELECT checkpoints.account, checkpoints.revision FROM checkpoints
       JOIN entities company ON company.id = ?
       WHERE checkpoints.number = company.number OR company.number = coalesce(
         (SELECT parent FROM accounts WHERE account = checkpoints.number AND ${now('accounts')}),
         (SELECT parent FROM accounts WHERE account = checkpoints.number AND until < ${NOW} LIMIT 1))
       ORDER BY checkpoints.account`,
    );
    this.byExternalId = database.prepare(
      `SELECT id FROM accounts JOIN entities ON number = accounts.account
       WHERE parent = (SELECT number FROM entities WHERE id = ?) AND external_id = ? AND ${now('accounts')}`,
    );
    const owner = (kind: EntityKind) =>
      database.prepare<{ account: string }>(
        `SELECT owner.id AS account FROM entities
         JOIN ${tables[kind].name} things ON things."${kind}" = entities.number AND ${now('things')}
         JOIN accounts ON accounts.account = entities.account AND ${now('accounts')}
         JOIN entities owner ON owner.number = accounts.account WHERE entities.id = ?`,
      );
    const kinds = Object.keys(tables) as EntityKind[];
    this.owners = new Map(kinds.map((kind) => [kind, owner(kind)]));
    this.declarer = database.prepare(
      `SELECT owner.id AS account FROM entities JOIN entities owner ON owner.number = entities.account
       WHERE entities.id = ?`,
    );
    this.open = new MomentStatement(
      database,
      (at) => `SELECT 1 AS found FROM accounts WHERE account = ${ACCOUNT} AND ${at('accounts')}`,
    );
    const things = (kind: EntityKind) =>
      new MomentStatement<{ found: number }>(
        database,
        (at) =>
          `SELECT 1 AS found FROM entities JOIN ${tables[kind].name} things ON things."${kind}" = number AND ${at('things')}
           WHERE id = ?3 AND entities.account = ${ACCOUNT}`,
      );
    this.things = new Map(kinds.map((kind) => [kind, things(kind)]));
  }

  /** The company of an account: null for a company, undefined for one that is closed or never was. */
  parentOf(account: string): string | null | undefined {
    return this.parents.of(
      account,
      () => this.parent.get(account)?.parent_id,
      () => [account],
    );
  }

  /**
   * The company of an account, open or closed: null for a company, undefined for an account that never was.
   */
  everParentOf(account: string): string | null | undefined {
    return (this.parent.get(account) ?? this.formerParent.get(account))?.parent_id;
  }

  /** Undefined before the first company. */
  oldestCompany(): { readonly id: string; readonly name: string } | undefined {
    return this.oldest.get();
  }

  /** Ids of the clients of a company with this external id. Only an older log can have more than one. */
  clientsWithExternalId(company: string, externalId: string): readonly string[] {
    return this.byExternalId.all(company, externalId).map(({ id }) => id);
  }

  /** How many open clients a company has. */
  clientsOf(company: string): number {
    return this.openClients.get(company)?.count ?? 0;
  }

  /**
   * A company and its open clients, those to which something has happened since a time, with the revisions that they are at.
   * @param since in milliseconds since the epoch
   */
  activeAccounts(
    company: string,
    since: number,
  ): readonly { readonly account: string; readonly revision: number }[] {
    return this.active.all(company, since);
  }

  /** A company and all the clients that it ever had, with the revisions that they are at. */
  headsOf(company: string): readonly { readonly account: string; readonly revision: number }[] {
    return this.heads.all(company);
  }

  /** The id of the account that something belongs to; undefined for something unknown. */
  ownerOf(kind: EntityKind, id: string): string | undefined {
    return this.owners.get(kind)?.get(id)?.account;
  }

  /** The id of the account in which something was made, even when either is gone. */
  makerOf(id: string): string | undefined {
    return this.declarer.get(id)?.account;
  }

  /** Whether the account was open at the moment. */
  wasOpen(at: Moment): boolean {
    return this.open.get(at) !== undefined;
  }

  /** Whether the account was open at the moment and had the thing. */
  had(at: Moment, kind: EntityKind, id: string): boolean {
    return this.wasOpen(at) && this.things.get(kind)?.get(at, id) !== undefined;
  }
}
