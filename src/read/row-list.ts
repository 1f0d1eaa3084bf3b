import { only, type Statement, type Value } from '../event-store/sqlite.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * A statement that returns all its rows at once. SQLite returns them as one text of JSON. The driver would
 * make an object of each row value by value, and that takes longer than SQLite takes to find the rows.
 */
export class RowList<Row> {
  private readonly columns: readonly string[];
  private readonly list: Statement<{ json: string }>;

  /** The caller states the shape of the rows. @param sql selects columns with different names */
  constructor(database: ViewsDatabase, sql: string) {
    this.columns = database
      .prepare<Row>(sql)
      .columns()
      .map(({ name }) => name);
    const values = this.columns.map((name) => `"${name}"`).join(', ');
    this.list = database.prepare(`SELECT json_group_array(json_array(${values})) AS json FROM (${sql})`);
  }

  all(...parameters: Value[]): Row[] {
    const rows = JSON.parse(only(this.list.get(...parameters)).json) as readonly (readonly Value[])[];
    return rows.map((values) => {
      const row: Record<string, Value | undefined> = {};
      this.columns.forEach((name, place) => {
        row[name] = values[place];
      });
      return row as Row;
    });
  }
}
