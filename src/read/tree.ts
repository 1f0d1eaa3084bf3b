import type { OtherAccounts } from '../domain/questions.js';
import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import { groups } from './tables/groups.js';
import { roles } from './tables/roles.js';
import { tabInstances } from './tables/tab-instances.js';
import { users } from './tables/users.js';
import type { ViewsDatabase } from './views-database.js';

/** Things whose ids stand in paths, and the tables that tell whether there are any. */
const tables = { user: users, group: groups, role: roles, tab_instance: tabInstances };

export type EntityKind = keyof typeof tables;

/** Which account belongs to which company, and what to which account, now. */
export class Tree implements OtherAccounts {
  private readonly parent: Statement<{ parent_id: string | null }>;
  private readonly oldest: Statement<{ id: string; name: string }>;
  private readonly byExternalId: Statement<{ id: string }>;
  private readonly owners: ReadonlyMap<EntityKind, Statement<{ account: string }>>;

  constructor(database: ViewsDatabase) {
    this.parent = database.prepare(
      `SELECT (SELECT id FROM entities WHERE number = parent) AS parent_id
       FROM entities JOIN accounts ON accounts.account = number WHERE id = ? AND ${now('accounts')}`,
    );
    this.oldest = database.prepare(
      `SELECT id, name FROM accounts JOIN entities ON number = accounts.account
       WHERE parent IS NULL AND ${now('accounts')} ORDER BY opened, number LIMIT 1`,
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
    this.owners = new Map((Object.keys(tables) as EntityKind[]).map((kind) => [kind, owner(kind)]));
  }

  /** The company of an account: null for a company, undefined for one that is closed or never was. */
  parentOf(account: string): string | null | undefined {
    return this.parent.get(account)?.parent_id;
  }

  /** Undefined when there is no company yet. */
  oldestCompany(): { readonly id: string; readonly name: string } | undefined {
    return this.oldest.get();
  }

  /** Ids of the clients of a company that have this external id: one at most, but for older logs. */
  clientsWithExternalId(company: string, externalId: string): readonly string[] {
    return this.byExternalId.all(company, externalId).map(({ id }) => id);
  }

  /** The id of the account that something belongs to, wherever it is. */
  ownerOf(kind: EntityKind, id: string): string | undefined {
    return this.owners.get(kind)?.get(id)?.account;
  }
}
