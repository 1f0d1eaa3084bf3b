import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import { EVERYWHERE } from './tables/roles.js';
import type { ViewsDatabase } from './views-database.js';

export type Named = 'user' | 'group' | 'role' | 'key' | 'client';

/** The present names of users, groups and other things. */
export class Names {
  private readonly statements: Readonly<Record<Named, Statement<{ name: string }>>>;

  constructor(database: ViewsDatabase) {
    const named = (table: string, column: string, owners: string, name = 'name') =>
      database.prepare<{ name: string }>(
        `SELECT ${name} AS name FROM entities self JOIN ${table} things ON things."${column}" = self.number
         WHERE self.id = ?2 AND ${now('things')}
         AND (SELECT number FROM entities WHERE id = ?1) IN (${owners})`,
      );
    this.statements = {
      user: named('users', 'user', 'things.account', "trim(first_name || ' ' || last_name)"),
      group: named('groups', 'group', 'things.account'),
      role: named(
        'roles',
        'role',
        `things.account, (SELECT number FROM entities WHERE things.account = ${EVERYWHERE} AND id = ?1)`,
      ),
      key: named('api_keys', 'api_key', 'self.account'),
      client: named('accounts', 'account', 'things.parent'),
    };
  }

  /**
   * @param account that of the thing; for a client, its company
   * @returns undefined for a thing that the account does not have
   */
  of(type: Named, account: string, id: string): string | undefined {
    return this.statements[type].get(account, id)?.name;
  }
}
