import { csvLines } from '../../wire/csv.js';
import type { ShownEntry } from '../../../audit/answers.js';
import type { Attempt, Source } from '../../../audit/attempts/attempt.js';

type Cell = string | number | boolean | null | undefined;

/** A row of an export. What was tried has no summary, and what was done has no code. */
export interface AuditRow extends Partial<Omit<ShownEntry, 'revision' | 'actor' | 'subjects'>> {
  readonly revision: number | null;
  readonly outcome: string;
  readonly actor: ShownEntry['actor'] | null;
  readonly subjects: ShownEntry['subjects'] | Attempt['subjects'];
  readonly code?: string | null;
  readonly source: Source | null;
}

/** The columns of an export, each with what stands in it. */
const columns: readonly (readonly [name: string, cell: (row: AuditRow) => Cell])[] = [
  ['revision', ({ revision }) => revision],
  ['time', ({ time }) => time],
  ['outcome', ({ outcome }) => outcome],
  ['event', ({ event }) => event],
  ['summary', ({ summary }) => summary],
  ['actor_kind', ({ actor }) => actor?.kind],
  ['actor_id', ({ actor }) => actor?.id],
  ['actor_name', ({ actor }) => actor?.name],
  ['credential_kind', ({ credential }) => credential?.kind],
  ['credential_id', ({ credential }) => credential?.id],
  ['credential_name', ({ credential }) => credential?.name],
  ['via', ({ via }) => via],
  ['request_id', ({ request_id }) => request_id],
  ['command_id', ({ command_id }) => command_id],
  ['reason', ({ reason }) => reason],
  ['category', ({ category }) => category],
  ['privileged', ({ privileged }) => privileged],
  ['subjects', ({ subjects }) => JSON.stringify(subjects)],
  ['changes', ({ changes }) => JSON.stringify(changes)],
  ['caused_by', ({ caused_by }) => caused_by],
  ['code', ({ code }) => code],
  ['source_address', ({ source }) => source?.address],
  ['source_user_agent', ({ source }) => source?.user_agent],
];

export const auditCsvHeader = csvLines([columns.map(([name]) => name)]);

export function auditCsv(rows: readonly AuditRow[]): string {
  return csvLines(rows.map((row) => columns.map(([, cell]) => cell(row))));
}
