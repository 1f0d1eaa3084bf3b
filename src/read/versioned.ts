import type { Statement, Value } from '../event-store/sqlite.js';
import { NOW, type ViewsDatabase } from './views-database.js';

interface Column<Of extends Value> {
  readonly ddl: string;
  /** Never there; it gives the column's type to TypeScript. */
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
  /** Of these columns at most one row holds at a time. */
  readonly key: readonly Key[];
  readonly columns: Of;
  /** Other columns that questions start from, then those that order what they find. */
  readonly by?: readonly (readonly (keyof Of & string)[])[] | undefined;
  /** Indexes for questions that are never asked about the past. */
  readonly now?: readonly (readonly ((keyof Of & string) | 'since')[])[] | undefined;
}

/**
 * A system-versioned table (SQL:2011): a row holds from revision `since` until before revision `until` of its
 * account's stream. A change closes the row and opens another; what holds now has the greatest `until`.
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
    this.ddl = [
      `CREATE TABLE ${name} (${ddl.join(', ')}, since INTEGER NOT NULL, until INTEGER NOT NULL)`,
      `CREATE UNIQUE INDEX ${name}_now ON ${name} (${listed(key)}) WHERE until = ${NOW}`,
      ...[...by, ...now].map((order) => this.index(`now_by_${order.join('_')}`, order, `until = ${NOW}`)),
      // A row comes into these only when it is closed. With `since` in them no row is read that did not hold then.
      ...[key, ...by].map((order) =>
        this.index(`past_by_${order.join('_')}`, [...order, 'until', 'since'], `until < ${NOW}`),
      ),
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

/** The rows of a system-versioned table in one database, as events change them. */
export class Versions<Row extends Record<keyof Row, Value>, Key extends keyof Row> {
  private readonly opening: Statement<never>;
  private readonly ofKey: Statements<Row>;
  private readonly statements = new Map<string, Statements<Row>>();

  constructor(
    private readonly database: ViewsDatabase,
    private readonly table: string,
    private readonly key: readonly string[],
    private readonly columns: readonly string[],
  ) {
    const places = [...columns, 'since'].map(() => '?').join(', ');
    this.opening = database.prepare(
      `INSERT INTO ${table} (${listed(columns)}, since, until) VALUES (${places}, ${NOW})`,
    );
    this.ofKey = this.of(key);
  }

  /** The row of a key that holds now. */
  get(key: Pick<Row, Key>): Row | undefined {
    return this.ofKey.current.get(...valuesOf(key, this.key));
  }

  /** The row of a key that was closed last. */
  last(key: Pick<Row, Key>): Row | undefined {
    return this.ofKey.past.get(...valuesOf(key, this.key));
  }

  open(at: Since, row: Row): void {
    this.opening.run(...valuesOf(row, this.columns), at.revision);
  }

  /** Closes the row of a key, if one holds. */
  close(at: Since, key: Pick<Row, Key>): void {
    this.ofKey.closing.run(at.revision, ...valuesOf(key, this.key));
  }

  /** Closes every row that has these values. @param of columns that an index starts with @returns those rows */
  closeAll(at: Since, of: Partial<Row>): readonly Row[] {
    const columns = Object.keys(of);
    const { current, closing } = this.of(columns);
    const values = valuesOf(of, columns);
    const rows = current.all(...values);
    if (rows.length > 0) closing.run(at.revision, ...values);
    return rows;
  }

  /** Opens a row in place of the one with its key that holds now, if there is one. */
  put(at: Since, row: Row): void {
    this.close(at, row);
    this.open(at, row);
  }

  /** Opens a row that differs in some columns from the one that it closes. */
  change(at: Since, key: Pick<Row, Key>, changes: Partial<Row> | ((row: Row) => Partial<Row>)): void {
    const row = this.get(key);
    if (!row) throw new Error('A row that should change is missing');
    this.close(at, key);
    this.open(at, { ...row, ...(typeof changes === 'function' ? changes(row) : changes) });
  }

  // RETURNING would be one statement less, but SQLite makes a table for its rows, which costs many times what they do.
  private of(columns: readonly string[]): Statements<Row> {
    const where = `WHERE ${equal(columns)} AND until = ${NOW}`;
    let statements = this.statements.get(where);
    if (!statements) {
      statements = {
        current: this.database.prepare<Row>(`SELECT ${listed(this.columns)} FROM ${this.table} ${where}`),
        past: this.database.prepare<Row>(
          `SELECT ${listed(this.columns)} FROM ${this.table} WHERE ${equal(columns)} AND until < ${NOW} ORDER BY until DESC LIMIT 1`,
        ),
        closing: this.database.prepare(`UPDATE ${this.table} SET until = ? ${where}`),
      };
      this.statements.set(where, statements);
    }
    return statements;
  }
}

/** Of the rows that have some values now. */
interface Statements<Row> {
  readonly current: Statement<Row>;
  readonly past: Statement<Row>;
  readonly closing: Statement<never>;
}

interface Since {
  readonly revision: number;
}

const listed = (columns: readonly string[]) => columns.map((column) => `"${column}"`).join(', ');
const equal = (columns: readonly string[]) => columns.map((column) => `"${column}" = ?`).join(' AND ');

function valuesOf(row: object, columns: readonly string[]): Value[] {
  const values = row as Readonly<Record<string, Value>>;
  return columns.map((column) => values[column] ?? null);
}
