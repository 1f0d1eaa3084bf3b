import type { Statement, Value } from '../event-store/sqlite.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** Stands for the former value plus one. */
export const oneMore = Symbol('one more');

type Changes<Row> = {
  readonly [Name in keyof Row]?: Row[Name] | (Row[Name] extends number ? typeof oneMore : never);
};

/** Writes the rows of a system-versioned table, as events change them. */
export class Versions<Row extends Record<keyof Row, Value>, Key extends keyof Row> {
  private readonly opening: Statement<never>;
  private readonly former: Statement<Row>;
  private readonly ofKey: Statements<Row>;
  private readonly statements = new Map<string, Statements<Row>>();
  private readonly changes = new Map<string, Statement<never>>();

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
    this.former = database.prepare(
      `SELECT ${listed(columns)} FROM ${table} WHERE ${equal(key)} AND until < ${NOW} ORDER BY until DESC LIMIT 1`,
    );
    this.ofKey = this.of(key);
  }

  /** The row of a key that holds now. */
  get(key: Pick<Row, Key>): Row | undefined {
    return this.ofKey.current.get(...valuesOf(key, this.key));
  }

  /** The row of a key that was closed last. */
  last(key: Pick<Row, Key>): Row | undefined {
    return this.former.get(...valuesOf(key, this.key));
  }

  open(at: Since, row: Row): void {
    this.opening.run(...valuesOf(row, this.columns), at.revision);
  }

  /** Closes the row of a key, if one holds. */
  close(at: Since, key: Pick<Row, Key>): void {
    this.ofKey.closing.run(at.revision, ...valuesOf(key, this.key));
  }

  /**
   * Closes every row that has these values. @param of columns that an index starts with
   * @returns the closed rows
   */
  closeAll(at: Since, of: Partial<Row>): readonly Row[] {
    const columns = Object.keys(of);
    const { current, closing } = this.of(columns);
    const values = valuesOf(of, columns);
    const rows = current.all(...values);
    if (rows.length > 0) closing.run(at.revision, ...values);
    return rows;
  }

  /**
   * As {@link closeAll}, for rows that may be many: none of them is read.
   * @returns how many were closed
   */
  closeMany(at: Since, of: Partial<Row>): number {
    const columns = Object.keys(of);
    return Number(this.of(columns).closing.run(at.revision, ...valuesOf(of, columns)).changes);
  }

  /** Opens a row. It replaces the row with the same key that holds now, if there is one. */
  put(at: Since, row: Row): void {
    if (!this.changed(at, row, row)) this.open(at, row);
  }

  /** Opens a row that replaces the one with the same key and differs from it in some columns. */
  change(at: Since, key: Pick<Row, Key>, changes: Changes<Row>): void {
    if (!this.changed(at, key, changes)) throw new Error('A row that should change is missing');
  }

  private changed({ revision }: Since, key: Pick<Row, Key>, changes: Changes<Row>): boolean {
    const values: Value[] = [];
    let set = '';
    for (const [column, value] of Object.entries<Value | typeof oneMore | undefined>(changes)) {
      if (value === oneMore) set += `"${column}" = "${column}" + 1, `;
      else {
        set += `"${column}" = ?, `;
        values.push(value ?? null);
      }
    }
    return this.changing(set).run(...values, revision, ...valuesOf(key, this.key)).changes > 0;
  }

  // FAIL spares SQLite the means to undo this one statement, which would take longer than the statement.
  // Nothing needs them: after an error everything that the event has changed is undone.
  private changing(set: string): Statement<never> {
    let statement = this.changes.get(set);
    if (!statement) {
      statement = this.database.prepare<never>(
        `UPDATE OR FAIL ${this.table} SET ${set}since = ? WHERE ${equal(this.key)} AND until = ${NOW}`,
      );
      this.changes.set(set, statement);
    }
    return statement;
  }

  // RETURNING would save a statement. But SQLite makes a table for its rows, and that costs many times more.
  private of(columns: readonly string[]): Statements<Row> {
    const where = `WHERE ${equal(columns)} AND until = ${NOW}`;
    let statements = this.statements.get(where);
    if (!statements) {
      statements = {
        current: this.database.prepare<Row>(`SELECT ${listed(this.columns)} FROM ${this.table} ${where}`),
        closing: this.database.prepare(`UPDATE ${this.table} SET until = ? ${where}`),
      };
      this.statements.set(where, statements);
    }
    return statements;
  }
}

/** Statements on the rows that have some values now. */
interface Statements<Row> {
  readonly current: Statement<Row>;
  readonly closing: Statement<never>;
}

interface Since {
  readonly revision: number;
}

export const listed = (columns: readonly string[]) => columns.map((column) => `"${column}"`).join(', ');
const equal = (columns: readonly string[]) => columns.map((column) => `"${column}" = ?`).join(' AND ');

function valuesOf(row: object, columns: readonly string[]): Value[] {
  const values = row as Readonly<Record<string, Value>>;
  return columns.map((column) => values[column] ?? null);
}
