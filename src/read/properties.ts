import type { PropertyMap } from '../domain/properties.js';
import { type Occasion, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** Who has properties: the names are the same for all of them, the values each one's own. */
export type PropertyOwner = 'user' | 'client';

/**
 * A value belongs to the property that its name had `since` then. So a name goes without a look at its values,
 * and one that is added again is another property.
 */
export const propertiesSchema = (of: PropertyOwner) => `
  CREATE TABLE ${of}_properties (
    account INTEGER NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX ${of}_properties_now ON ${of}_properties (account, name) WHERE until = ${NOW};
  CREATE TABLE ${of}_property_values (
    owner INTEGER NOT NULL, property INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    value TEXT NOT NULL
  );
  CREATE UNIQUE INDEX ${of}_property_values_now ON ${of}_property_values (owner, property) WHERE until = ${NOW};
`;

type NameRow = { account: number; name: string };
type ValueRow = { owner: number; property: number; value: string };

/** The names and values of one sort of owners; their events are in the stream of the account that has the names. */
export class Properties {
  private readonly names: Versions<NameRow>;
  private readonly values: Versions<ValueRow>;
  private readonly statements;

  constructor(views: ViewsDatabase, of: PropertyOwner) {
    const ofName = ['account', 'name'] as const;
    this.names = new Versions<NameRow>(views, `${of}_properties`, ofName, ofName);
    const ofValue = ['owner', 'property'] as const;
    this.values = new Versions<ValueRow>(views, `${of}_property_values`, ofValue, [...ofValue, 'value']);
    this.statements = {
      property: views.prepare<{ since: number }>(
        `SELECT since FROM ${of}_properties WHERE account = ? AND name = ? AND until = ${NOW}`,
      ),
      ofOwner: views.prepare<{ name: string; value: string | null }>(
        `SELECT name, value FROM ${of}_properties names
         LEFT JOIN ${of}_property_values own ON owner = ?2 AND property = names.since AND own.until = ${NOW}
         WHERE account = ?1 AND names.until = ${NOW} ORDER BY names.since`,
      ),
      endOfOwner: views.prepare<never>(
        `UPDATE ${of}_property_values SET until = ? WHERE owner = ? AND until = ${NOW}`,
      ),
    };
  }

  add(name: string, at: Occasion): void {
    this.names.open({ account: at.account, name }, at);
  }

  set(owner: number, properties: PropertyMap, at: Occasion): void {
    for (const [name, value] of Object.entries(properties)) {
      const property = this.statements.property.get(at.account, name)?.since;
      if (property === undefined) throw new Error('A value of a property that does not exist');
      if (value === '') this.values.close(at, owner, property);
      else this.values.put({ owner, property, value }, at);
    }
  }

  delete(name: string, at: Occasion): void {
    this.names.close(at, at.account, name);
  }

  /** Ends the values of an owner who is gone. */
  end(owner: number, at: Occasion): void {
    this.statements.endOfOwner.run(at.revision, owner);
  }

  /** Every name of the account in the order in which they were added, "" where the owner has no value. */
  of(account: number, owner: number): PropertyMap {
    const rows = this.statements.ofOwner.all(account, owner);
    // Object.fromEntries makes a property of its own of every name, __proto__ too.
    return Object.fromEntries(rows.map(({ name, value }) => [name, value ?? '']));
  }
}
