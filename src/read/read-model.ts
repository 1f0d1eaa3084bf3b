import type { DomainEvent } from '../domain/aggregates.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** Where and when an event happened, as a read model needs it. */
export interface Occasion {
  /** The interned number of the account. */
  readonly account: number;
  readonly revision: number;
  /** The event's own id. */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
}

export type Handlers = {
  readonly [Type in DomainEvent['type']]?: (
    data: Extract<DomainEvent, { type: Type }>['data'],
    at: Occasion,
  ) => void;
};

/** The rows that answer one question: what each event changes in them. Its tables are in a constant beside it. */
export interface ReadModel {
  readonly handlers: Handlers;
}

/** One page of a list in its stable order, oldest first. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** All rows of the list, on every page. */
  readonly total: number;
}

type Value = string | number | null;

/**
 * The rows of a system-versioned table (SQL:2011): each holds from revision `since` until before revision `until`
 * of its account's stream. A change closes the row and opens another.
 */
export class Versions<Row extends Record<keyof Row, Value>> {
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    table: string,
    private readonly key: readonly (keyof Row & string)[],
    private readonly columns: readonly (keyof Row & string)[],
  ) {
    const quoted = columns.map((column) => `"${column}"`).join(', ');
    const keyed = `${key.map((column) => `"${column}" = ?`).join(' AND ')} AND until = ${NOW}`;
    this.statements = {
      current: views.prepare<Row>(`SELECT ${quoted} FROM ${table} WHERE ${keyed}`),
      close: views.prepare<never>(`UPDATE ${table} SET until = ? WHERE ${keyed}`),
      open: views.prepare<never>(
        `INSERT INTO ${table} (${quoted}, since, until)
         VALUES (${columns.map(() => '?').join(', ')}, ?, ${NOW})`,
      ),
    };
  }

  current(...key: Value[]): Row | undefined {
    return this.statements.current.get(...key);
  }

  open(row: Row, at: Occasion): void {
    this.statements.open.run(...this.columns.map((column) => row[column]), at.revision);
  }

  close(at: Occasion, ...key: Value[]): void {
    this.statements.close.run(at.revision, ...key);
  }

  /** Opens a row in place of the one with its key that holds now, if there is one. */
  put(row: Row, at: Occasion): void {
    this.close(at, ...this.key.map((column) => row[column]));
    this.open(row, at);
  }

  change(at: Occasion, changes: Partial<Row>, ...key: Value[]): void {
    const row = this.current(...key);
    if (!row) throw new Error('A row that should change is missing');
    this.close(at, ...key);
    this.open({ ...row, ...changes }, at);
  }
}
