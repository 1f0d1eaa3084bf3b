import { type Database, prepare } from '../event-store/sqlite.js';

/** The columns with the number of an id. */
const references = new Set([
  ...['account', 'parent', 'user', 'group', 'role', 'api_key', 'tab_instance', 'owner', 'all_users_group'],
  ...['client', 'mail', 'webhook', 'super_admin', 'technical_contact', 'business_contact'],
]);
/** Tables with no facts of an account: the position in the whole log, and what has stopped. */
const aside = new Set(['log', 'stopped']);

/**
 * A row with ids in place of numbers. Equal views have equal rows, even when they were
 * built in another order.
 */
export type Row = Readonly<Record<string, string | number | null>>;

/** The tables that hold facts of accounts. */
export function factTables(database: Database): string[] {
  return prepare<{ name: string }>(database, "SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
    .filter((name) => !aside.has(name));
}

/** The columns of a table's {@link Row}s. */
export function factColumns(database: Database, table: string): string[] {
  return prepare<{ name: string }>(database, `PRAGMA main.table_info("${table}")`)
    .all()
    .map(({ name }) => name)
    .filter((name) => name !== 'number');
}

/**
 * Makes SQL that selects a table's {@link Row}s. @param schema the attached database that the table is in
 */
export function selectRows(table: string, columns: readonly string[], schema = 'main'): string {
  // Checkpoints hold ids already.
  const isReference = (column: string) => references.has(column) && table !== 'checkpoints';
  const resolved = (column: string) =>
    `coalesce((SELECT id FROM ${schema}.entities WHERE number = facts."${column}"), '#' || facts."${column}")`;
  const list = columns.map((column) =>
    isReference(column) ? `${resolved(column)} AS "${column}"` : `facts."${column}"`,
  );
  return `SELECT ${list.join(', ')} FROM ${schema}."${table}" AS facts`;
}

/** The ids in a row that stand for something in its account. */
export function idsIn(table: string, row: Row): string[] {
  const isId = (column: string) => references.has(column) || (table === 'entities' && column === 'id');
  return Object.entries(row).flatMap(([column, value]) =>
    isId(column) && typeof value === 'string' ? [value] : [],
  );
}
