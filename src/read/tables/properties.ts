import type { PropertyMap } from '../../domain/properties.js';
import { only, type Statement } from '../../event-store/sqlite.js';
import { integer, text, versioned } from '../versioned.js';
import { NOW, type ViewsDatabase } from '../views-database.js';
import type { EventContext } from './handlers.js';

/** The kinds of things with properties. All owners of a kind share the names, and each has its own values. */
export type PropertyOwner = 'user' | 'client';

/**
 * The `property` of a value is the `since` of its name's row. So a name is deleted without touching its
 * values, and a name that is added again is another property.
 */
export const propertyTables = (of: PropertyOwner) => ({
  names: versioned(`${of}_properties`, {
    key: ['account', 'name'],
    columns: { account: integer, name: text },
  }),
  values: versioned(`${of}_property_values`, {
    key: ['owner', 'property'],
    columns: { owner: integer, property: integer, value: text },
  }),
});

/**
 * The names and values of one kind of owners. Their events are in the stream of the account
 * that has the names.
 */
export class Properties {
  private readonly names;
  private readonly values;
  private readonly property: Statement<{ since: number }>;

  constructor(database: ViewsDatabase, { names, values }: ReturnType<typeof propertyTables>) {
    this.names = names.in(database);
    this.values = values.in(database);
    this.property = database.prepare(
      `SELECT since FROM ${names.name} WHERE account = ? AND name = ? AND until = ${NOW}`,
    );
  }

  add(at: EventContext, name: string): void {
    this.names.open(at, { account: at.account, name });
  }

  set(at: EventContext, owner: number, properties: PropertyMap): void {
    for (const [name, value] of Object.entries(properties)) {
      const property = only(this.property.get(at.account, name)).since;
      if (value === '') this.values.close(at, { owner, property });
      else this.values.put(at, { owner, property, value });
    }
  }

  delete(at: EventContext, name: string): void {
    this.names.close(at, { account: at.account, name });
  }

  /** Ends the values of a deleted owner. */
  end(at: EventContext, owner: number): void {
    this.values.closeAll(at, { owner });
  }
}
