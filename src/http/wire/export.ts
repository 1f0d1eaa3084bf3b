import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** What shows that an export is whole. */
export interface Seal {
  readonly count: number;
  /** Revisions of the first and the last row; null where rows have none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Of all bytes before the trailer, hexadecimal. */
  readonly sha256: string;
}

/** Some lines as they are written. */
export interface Lines {
  readonly text: string;
  readonly count: number;
}

/** How rows are written that are JSON each. */
export interface ExportFormat {
  readonly type: string;
  /** What stands before the rows. */
  readonly header: string;
  readonly lines: (rows: readonly string[]) => Lines;
  /** What stands between two pieces of lines. */
  readonly separator?: string;
  readonly trailer: (seal: Seal) => string;
}

/** A piece of an export. */
export interface ExportPiece {
  readonly rows: readonly string[];
  /** The revisions of the rows, where they have one. */
  readonly revisions?: readonly number[];
}

export function csvTrailer({ count, first, last, sha256 }: Seal): string {
  return `# count=${count} first=${first ?? '-'} last=${last ?? '-'} sha256=${sha256}\r\n`;
}

/** The format that the caller asks for; undefined for none of these. */
export function acceptedOf<Format extends { readonly type: string }>(
  { accept = '' }: { readonly accept?: string | undefined },
  formats: readonly Format[],
): Format | undefined {
  const accepted = accept.toLowerCase().split(',');
  const types = accepted.map((one) => one.split(';', 1)[0]?.trim());
  return formats.find(({ type }) => types.includes(type));
}

/** All rows as bytes. After an error, or when the caller hangs up, the connection is cut: what has its trailer is whole. */
export async function exportOf(
  reply: FastifyReply,
  { type, header, lines, separator = '', trailer }: ExportFormat,
  pieces: AsyncGenerator<ExportPiece>,
): Promise<Readable> {
  // What refuses the query is known with its first rows, when there is still an answer to give.
  const first = await pieces.next();
  async function* bytes() {
    const hash = createHash('sha256').update(header);
    let [count, from, to]: [number, number | null, number | null] = [0, null, null];
    yield header;
    for (let step = first; step.done !== true; step = await pieces.next()) {
      const { rows, revisions = [] } = step.value;
      if (rows.length === 0) continue;
      const written = lines(rows);
      // Encoded once, for the hash and the connection.
      const piece = Buffer.from((count === 0 ? '' : separator) + written.text);
      hash.update(piece);
      count += written.count;
      from ??= revisions[0] ?? null;
      to = revisions.at(-1) ?? to;
      yield piece;
      // Requests of other callers have their turn between two pieces.
      await new Promise(setImmediate);
    }
    yield trailer({ count, first: from, last: to, sha256: hash.digest('hex') });
  }
  void reply.type(`${type}; charset=utf-8`);
  return Readable.from(bytes(), { objectMode: false });
}
