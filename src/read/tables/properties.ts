import type { PropertyMap } from '../../domain/properties.js';
import { only, type Statement } from '../../event-store/sqlite.js';
import { integer, text, versioned } from '../versioned.js';
import { NOW, type ViewsDatabase } from '../views-database.js';
import type { EventContext } from './handlers.js';

/** Who has properties: the names are the same for all of them, the values each one's own. */
export type PropertyOwner = 'user' | 'client';

/**
 * A value belongs to the property that its name had `since` then. So a name goes without a look at its values,
 * and one that is added again is another property.
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

/** The names and values of one sort of owners; their events are in the stream of the account that has the names. */
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

  /** Ends the values of an owner who is gone. */
  end(at: EventContext, owner: number): void {
    this.values.closeAll(at, { owner });
  }
}
