import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ExportChunk, ShownEntry } from '../../../audit/answers.js';
import type { ApiRequest } from '../../door/request.js';
import { auditCsv, auditCsvHeader } from './audit-csv.js';
import { type AuditRow, shownEntry } from './audit-shape.js';

/** How an export is written. */
interface Format {
  readonly type: string;
  /** What stands before the rows. */
  readonly header: string;
  readonly lines: (rows: readonly AuditRow[]) => string;
  readonly trailer: (seal: Seal) => string;
}

/** What shows that an export is whole. */
interface Seal {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Of all bytes before the trailer, hexadecimal. */
  readonly sha256: string;
}

const formats: readonly Format[] = [
  {
    type: 'application/x-ndjson',
    header: '',
    lines: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    trailer: (seal) => `${JSON.stringify({ end: true, ...seal })}\n`,
  },
  {
    type: 'text/csv',
    header: auditCsvHeader,
    lines: auditCsv,
    trailer: ({ count, first, last, sha256 }) =>
      `# count=${count} first=${first ?? '-'} last=${last ?? '-'} sha256=${sha256}\r\n`,
  },
];

/** The format of an export that the caller asks for; undefined for a page. */
export function exportFormatOf({ headers }: ApiRequest): Format | undefined {
  const accepted = (headers.accept ?? '').toLowerCase().split(',');
  const types = accepted.map((one) => one.split(';', 1)[0]?.trim());
  return formats.find(({ type }) => types.includes(type));
}

/** All rows as bytes. After an error, or when the caller hangs up, the connection is cut: what has its trailer is whole. */
export async function exportOf(
  reply: FastifyReply,
  { type, header, lines, trailer }: Format,
  chunks: AsyncGenerator<ExportChunk>,
): Promise<Readable> {
  // What refuses the query is known with its first rows, when there is still an answer to give.
  const first = await chunks.next();
  async function* bytes() {
    const hash = createHash('sha256').update(header);
    let [count, from, to]: [number, number | null, number | null] = [0, null, null];
    yield header;
    for (let step = first; step.done !== true; step = await chunks.next()) {
      const { rows, revisions } = step.value;
      const text = lines(rows.map((row) => shownEntry(JSON.parse(row) as ShownEntry)));
      hash.update(text);
      count += rows.length;
      from ??= revisions[0] ?? null;
      to = revisions.at(-1) ?? to;
      yield text;
    }
    yield trailer({ count, first: from, last: to, sha256: hash.digest('hex') });
  }
  void reply.type(`${type}; charset=utf-8`);
  return Readable.from(bytes(), { objectMode: false });
}
