import { type Database, prepare } from '../event-store/sqlite.js';
import { factColumns, factTables, idsIn, type Row, selectRows } from './views-rows.js';
import { NOW } from './views-database.js';

/** A row that is only in the held views, or only in those that were built anew. */
export interface ViewsDifference {
  readonly table: string;
  /** Id of the account whose row it is; undefined for a row of no account. */
  readonly account: string | undefined;
  /** The revision at which the row was opened or closed; undefined where the table does not say. */
  readonly revision: number | undefined;
  readonly isHeld: boolean;
}

/** @param database the held views, with those built anew attached as `rebuilt` */
export function* differencesOf(database: Database): Iterable<ViewsDifference> {
  for (const table of factTables(database)) {
    const columns = factColumns(database, table);
    const side = (schema: string, sign: string) =>
      `SELECT *, ${sign} AS side FROM (${selectRows(table, columns, schema)})`;
    const list = columns.map((column) => `"${column}"`).join(', ');
    const rows = prepare<Row & { readonly more: number }>(
      database,
      `SELECT ${list}, sum(side) AS more FROM (${side('main', '1')} UNION ALL ${side('rebuilt', '-1')})
       GROUP BY ${list} HAVING sum(side) <> 0`,
    );
    for (const { more, ...row } of rows.iterate())
      yield { table, account: accountOf(table, row, database), revision: revisionOf(row), isHeld: more > 0 };
  }
}

function accountOf(table: string, row: Row, database: Database): string | undefined {
  if (typeof row['account'] === 'string') return row['account'];
  for (const schema of ['main', 'rebuilt'])
    for (const id of idsIn(table, row)) {
      const owner = prepare<{ id: string }>(
        database,
        `SELECT owner.id FROM ${schema}.entities AS self JOIN ${schema}.entities AS owner ON owner.number = self.account
         WHERE self.id = ?`,
      ).get(id);
      if (owner) return owner.id;
    }
  return undefined;
}

function revisionOf({ since, until, revision }: Row): number | undefined {
  const said = until === undefined || until === NOW ? (since ?? revision) : until;
  return typeof said === 'number' ? said : undefined;
}
