import type { PropertyMap } from '../domain/properties.js';
import { ACCOUNT } from './at.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import type { PropertyOwner } from './tables/properties.js';
import type { ViewsDatabase } from './views-database.js';

interface Row {
  readonly owner: string;
  readonly name: string;
  readonly value: string | null;
}

/**
 * The properties of owners, by the owners' ids. Each owner has every name of the account, in the order in
 * which the names were added, and "" for a name without a value.
 */
export const propertiesOf = (database: ViewsDatabase, of: PropertyOwner) => {
  const rowsOf = (owners: string) =>
    new MomentList<Row>(
      database,
      (at) =>
        `SELECT owners.value AS owner, name, (
           SELECT value FROM ${of}_property_values own
           WHERE owner = self.number AND property = names.since AND ${at('own')}) AS value
         FROM ${owners} owners LEFT JOIN entities self ON self.id = owners.value
         CROSS JOIN ${of}_properties names
         WHERE names.account = ${ACCOUNT} AND ${at('names')} ORDER BY owners.key, names.since`,
    );
  const [ofMany, ofOne] = [rowsOf('json_each(?3)'), rowsOf('(SELECT ?3 AS value, 0 AS key)')];
  return (at: Moment, owners: readonly string[]): ReadonlyMap<string, PropertyMap> => {
    const [first, second] = owners;
    const rows =
      first !== undefined && second === undefined
        ? ofOne.all(at, first)
        : ofMany.all(at, JSON.stringify(owners));
    const entries = new Map<string, [string, string][]>(owners.map((owner) => [owner, []]));
    for (const { owner, name, value } of rows) entries.get(owner)?.push([name, value ?? '']);
    // Object.fromEntries makes every name an own property, even __proto__.
    return new Map([...entries].map(([owner, properties]) => [owner, Object.fromEntries(properties)]));
  };
};
