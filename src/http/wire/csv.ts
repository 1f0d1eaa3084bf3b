import { stringify } from 'csv-stringify/sync';

type Cell = string | number | boolean | null | undefined;

/** Lines of RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'boolean' ? String(cell) : cell))),
    { escape_formulas: true, record_delimiter: 'windows' },
  );
}
