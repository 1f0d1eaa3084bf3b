import type { ApiRequest } from '../../door/request.js';
import { acceptedOf, csvTrailer, type ExportFormat } from '../../wire/export.js';
import { auditCsv, auditCsvHeader, type AuditRow } from './audit-csv.js';

const formats: readonly ExportFormat[] = [
  {
    type: 'application/x-ndjson',
    header: '',
    lines: (rows) => ({ text: rows.map((row) => `${row}\n`).join(''), count: rows.length }),
    trailer: (seal) => `${JSON.stringify({ end: true, ...seal })}\n`,
  },
  {
    type: 'text/csv',
    header: auditCsvHeader,
    lines: (rows) => ({ text: auditCsv(rows.map((row) => JSON.parse(row) as AuditRow)), count: rows.length }),
    trailer: csvTrailer,
  },
];

/** The format of an export that the caller asks for; undefined for a page. */
export function exportFormatOf({ headers }: ApiRequest): ExportFormat | undefined {
  return acceptedOf(headers, formats);
}
