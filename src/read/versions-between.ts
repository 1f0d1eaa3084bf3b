import type { Statement, Value } from '../event-store/sqlite.js';
import type { Reader } from './grants.js';
import type { Span } from './spans.js';
import { NOW } from './views-database.js';

/** A change between two revisions, with the event that brought the state at the later one. */
export interface Difference<Of> {
  /** Null for something that was not there. */
  readonly before: Of | null;
  readonly after: Of | null;
  readonly because: number;
}

/** The rows of a system-versioned table that held at either of two revisions or between them. */
export class VersionsBetween<Row> {
  private readonly rows: Statement<Row & Span>;

  /** @param where the condition on the key, which is the parameter `?3` */
  constructor(reader: Reader, columns: string, table: string, where: string) {
    const select = (when: string) =>
      `SELECT ${columns}, since, until FROM ${table} WHERE ${where} AND ${when} AND since <= ?2`;
    this.rows = reader.prepare(
      `${select(`until = ${NOW}`)} UNION ALL ${select(`until < ${NOW} AND until > ?1`)} ORDER BY since`,
    );
  }

  of({ from, to }: Between, ...key: Value[]): (Row & Span)[] {
    return this.rows.all(from, to, ...key);
  }
}

export interface Between {
  readonly from: number;
  readonly to: number;
}

/** The row that held at a revision. */
export function heldAt<Row extends Span>(rows: readonly Row[], revision: number): Row | undefined {
  return rows.find(({ since, until }) => since <= revision && revision < until);
}

/**
 * How a value differs between two revisions; undefined when it is the same at both, even
 * if it changed meanwhile.
 * @param rows of one key, by their `since`
 */
export function difference<Row extends Span, Of>(
  rows: readonly Row[],
  { from, to }: Between,
  valueOf: (row: Row) => Of,
): Difference<Of> | undefined {
  const [then, now] = [heldAt(rows, from), heldAt(rows, to)];
  const [before, after] = [then ? valueOf(then) : null, now ? valueOf(now) : null];
  if (isSame(before, after)) return undefined;
  if (!now) return { before, after, because: Math.max(...rows.map(({ until }) => until)) };
  let start = now.since;
  for (let row = rowBefore(rows, start); row && isSame(valueOf(row), after); row = rowBefore(rows, start))
    start = row.since;
  return { before, after, because: start };
}

function rowBefore<Row extends Span>(rows: readonly Row[], start: number): Row | undefined {
  return rows.find(({ until }) => until === start);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
