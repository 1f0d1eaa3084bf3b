import type { ExplainedPath, ReviewRow } from '../../../audit/past/past-question.js';
import { csvLines } from '../../wire/csv.js';
import { csvTrailer, type ExportFormat } from '../../wire/export.js';

const header = [
  ...['user_id', 'user_name', 'user_email', 'permission', 'source_type', 'source_id', 'source_name'],
  ...['since', 'granted_by', 'reason'],
];

/** The rows of a review as they are, in one array. */
export const reviewJson: ExportFormat = {
  type: 'application/json',
  header: '[',
  lines: (rows) => ({ text: rows.join(','), count: rows.length }),
  separator: ',',
  trailer: () => ']',
};

/** A line for each source of each row. */
export const reviewCsv: ExportFormat = {
  type: 'text/csv',
  header: csvLines([header]),
  lines: (rows) => {
    const cells = rows.flatMap((row) => linesOf(JSON.parse(row) as ReviewRow));
    return { text: csvLines(cells), count: cells.length };
  },
  trailer: csvTrailer,
};

function linesOf({ user, permission, sources }: ReviewRow) {
  return sources.map(({ type, id, name, since }: ExplainedPath) => [
    ...[user.id, user.name, user.email, permission, type, id, name],
    ...[since.time, since.by.name, since.reason],
  ]);
}
