import type { UserOf } from '../domain/api-key.js';
import { type Holdings, holds } from '../domain/permissions.js';
import type { Entities } from './entities.js';
import type { Permissions } from './permissions.js';
import type { Handlers, ReadModel } from './read-model.js';
import type { ViewsDatabase } from './views-database.js';

/** Not system-versioned: a user is deleted once. */
export const issuersSchema = `
  CREATE TABLE departed (user INTEGER PRIMARY KEY, permissions TEXT NOT NULL) WITHOUT ROWID;
`;

/** What those hold who limit keys: when they are deleted, what they held last if they could make keys for others then. */
export class Issuers implements ReadModel {
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly permissions: Permissions,
  ) {
    this.statements = {
      keep: views.prepare<never>('INSERT INTO departed (user, permissions) VALUES (?, ?)'),
      last: views.prepare<{ permissions: string }>(
        'SELECT permissions FROM departed JOIN entities ON number = user WHERE id = ?',
      ),
    };
  }

  /** To be called before those that end what the user holds. */
  readonly handlers: Handlers = {
    UserDeleted: ({ user_id }) => {
      const user = this.entities.number(user_id);
      const holdings = this.permissions.holdingsOfUser(user);
      if (!holds(holdings, 'user.manage')) return;
      this.statements.keep.run(user, JSON.stringify(holdings === 'everything' ? holdings : [...holdings]));
    },
  };

  holdingsOf({ user_id, account }: UserOf): Holdings {
    if (this.entities.find('user', user_id, account) !== undefined)
      return this.permissions.holdingsOf(account, user_id);
    const row = this.statements.last.get(user_id);
    const last = row ? (JSON.parse(row.permissions) as 'everything' | string[]) : [];
    return last === 'everything' ? last : new Set(last);
  }
}
