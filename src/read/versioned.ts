import type { Value } from '../event-store/sqlite.js';
import { listed, Versions } from './versions.js';
import { NOW, type ViewsDatabase } from './views-database.js';

interface Column<Of extends Value> {
  readonly ddl: string;
  /** Never set. It tells TypeScript the column's type. */
  readonly of?: Of;
}

export const integer: Column<number> = { ddl: 'INTEGER NOT NULL' };
export const text: Column<string> = { ddl: 'TEXT NOT NULL' };
export const optionalInteger: Column<number | null> = { ddl: 'INTEGER' };
export const optionalText: Column<string | null> = { ddl: 'TEXT' };

type Columns = Readonly<Record<string, Column<Value>>>;
type Rows<Of extends Columns> = { [Name in keyof Of]: Of[Name] extends Column<infer Type> ? Type : never };

/** The columns of a table's rows besides `since` and `until`. */
export type RowOf<Table> = Table extends Versioned<infer Row, never> ? Row : never;

interface Description<Of extends Columns, Key extends keyof Of & string> {
  /** At most one row holds at a time with the same values in these columns. */
  readonly key: readonly Key[];
  readonly columns: Of;
  /** Lists of other columns: first those that questions start from, then those that order the result. */
  readonly by?: readonly (readonly (keyof Of & string)[])[] | undefined;
  /** Column lists of indexes for questions that are never asked about the past. */
  readonly now?: readonly (readonly ((keyof Of & string) | 'since')[])[] | undefined;
}

/**
 * A system-versioned table (SQL:2011). A row holds from revision `since` until before revision `until` of its
 * account's stream. A row that holds now has the greatest `until`. A change of such a row leaves its former
 * values as another row.
 */
export function versioned<const Of extends Columns, const Key extends keyof Of & string>(
  name: string,
  description: Description<Of, Key>,
): Versioned<Rows<Of>, Key> {
  return new Versioned(name, description);
}

export class Versioned<Row extends Record<keyof Row, Value>, Key extends keyof Row> {
  readonly ddl: string;

  constructor(
    readonly name: string,
    private readonly description: {
      readonly key: readonly string[];
      readonly columns: Columns;
      readonly by?: readonly (readonly string[])[] | undefined;
      readonly now?: readonly (readonly string[])[] | undefined;
    },
  ) {
    const { key, columns, by = [], now = [] } = description;
    const ddl = Object.entries(columns).map(([column, type]) => `"${column}" ${type.ddl}`);
    const was = Object.keys(columns).map((column) => `old."${column}"`);
    this.ddl = [
      `CREATE TABLE ${name} (since INTEGER NOT NULL, until INTEGER NOT NULL, ${ddl.join(', ')})`,
      `CREATE UNIQUE INDEX ${name}_now ON ${name} (${listed(key)}) WHERE until = ${NOW}`,
      ...[...by, ...now].map((order) => this.index(`now_by_${order.join('_')}`, order, `until = ${NOW}`)),
      // A row enters these indexes only when it is closed. With `since` in them, no row is read that
      // did not hold then.
      ...[key, ...by].map((order) =>
        this.index(`past_by_${order.join('_')}`, [...order, 'until', 'since'], `until < ${NOW}`),
      ),
      // A changed row stays in place, so it keeps its entries in the indexes of now. That takes
      // half of the time.
      `CREATE TRIGGER ${name}_change AFTER UPDATE OF since ON ${name} WHEN old.since < new.since BEGIN
         INSERT INTO ${name} VALUES (old.since, new.since, ${was.join(', ')});
       END`,
    ].join(';\n');
  }

  in(database: ViewsDatabase): Versions<Row, Key> {
    const { key, columns } = this.description;
    return new Versions(database, this.name, key, Object.keys(columns));
  }

  private index(suffix: string, columns: readonly string[], where: string): string {
    return `CREATE INDEX ${this.name}_${suffix} ON ${this.name} (${listed(columns)}) WHERE ${where}`;
  }
}
