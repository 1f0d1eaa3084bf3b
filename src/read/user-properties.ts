import { Query } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { type Handlers, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/**
 * A value belongs to the property that its name had `since` then. So a name goes without a look at its values,
 * and one that is added again is another property.
 */
export const userPropertiesSchema = `
  CREATE TABLE user_properties (
    account INTEGER NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX user_properties_now ON user_properties (account, name) WHERE until = ${NOW};
  CREATE TABLE user_property_values (
    user INTEGER NOT NULL, property INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    value TEXT NOT NULL
  );
  CREATE UNIQUE INDEX user_property_values_now ON user_property_values (user, property) WHERE until = ${NOW};
`;

/** The properties of a user by name, "" where the user has no value. @throws Rejection user_not_found */
export class GetUserProperties extends Query<Readonly<Record<string, string>>> {
  constructor(
    readonly account: string,
    readonly userId: string,
  ) {
    super();
  }
}

type PropertyRow = { account: number; name: string };
type ValueRow = { user: number; property: number; value: string };

export class UserProperties implements ReadModel {
  private readonly names: Versions<PropertyRow>;
  private readonly values: Versions<ValueRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    const ofName = ['account', 'name'] as const;
    this.names = new Versions<PropertyRow>(views, 'user_properties', ofName, ofName);
    const ofValue = ['user', 'property'] as const;
    this.values = new Versions<ValueRow>(views, 'user_property_values', ofValue, [...ofValue, 'value']);
    this.statements = {
      property: views.prepare<{ since: number }>(
        `SELECT since FROM user_properties WHERE account = ? AND name = ? AND until = ${NOW}`,
      ),
      ofUser: views.prepare<{ name: string; value: string | null }>(
        `SELECT name, value FROM user_properties names
         LEFT JOIN user_property_values own ON user = ?2 AND property = names.since AND own.until = ${NOW}
         WHERE account = ?1 AND names.until = ${NOW} ORDER BY names.since`,
      ),
      endOfUser: views.prepare<never>(
        `UPDATE user_property_values SET until = ? WHERE user = ? AND until = ${NOW}`,
      ),
    };
  }

  readonly handlers: Handlers = {
    UserPropertyAdded: ({ name }, at) => {
      this.names.open({ account: at.account, name }, at);
    },
    UserPropertiesSet: ({ user_id, properties }, at) => {
      const user = this.entities.number(user_id);
      for (const [name, value] of Object.entries(properties)) {
        const property = this.statements.property.get(at.account, name)?.since;
        if (property === undefined) throw new Error('A value of a property that does not exist');
        this.values.close(at, user, property);
        if (value !== '') this.values.open({ user, property, value }, at);
      }
    },
    UserPropertyDeleted: ({ name }, at) => {
      this.names.close(at, at.account, name);
    },
    UserDeleted: ({ user_id }, at) => {
      this.statements.endOfUser.run(at.revision, this.entities.number(user_id));
    },
  };

  of({ account, userId }: GetUserProperties): Readonly<Record<string, string>> {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    const rows = this.statements.ofUser.all(this.entities.known(account), user);
    // Object.fromEntries makes a property of its own of every name, __proto__ too.
    return Object.fromEntries(rows.map(({ name, value }) => [name, value ?? '']));
  }
}
