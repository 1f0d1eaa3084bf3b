import { only } from '../../event-store/sqlite.js';
import { type AuditDatabase, PLACES } from './audit-database.js';
import { bytesOf, type Column, columns } from './columns.js';
import { Bitmap, encodeOffsets } from './bitmap.js';
import type { OpenBlock } from './open-block.js';
import type { EntryTexts } from './stored-entry.js';

/** An account as far as it is indexed. */
export interface IndexedAccount {
  readonly number: number;
  readonly id: string;
  /** Of the last event indexed; NO_STREAM before the first. */
  readonly revision: number;
  /** Id of that event. */
  readonly event_id: string;
  /** The latest time of an event until then, in milliseconds since the epoch. */
  readonly latest: number;
}

export interface EntryRow extends Omit<EntryTexts, 'rests'> {
  readonly revision: number;
  /** The latest time of an event until then, in milliseconds since the epoch. */
  readonly latest: number;
  /** The first revision of the entry's command, and how many events it has. */
  readonly first: number;
  readonly count: number;
}

export interface Posting {
  readonly block: number;
  readonly bits: Uint8Array;
}

/** The rows of the audit index. */
export class AuditTables {
  private readonly statements;

  constructor(private readonly database: AuditDatabase) {
    const entry = `place % ${PLACES} AS revision, latest, first, count, entry, owners`;
    this.statements = {
      account: database.prepare<IndexedAccount>('SELECT * FROM accounts WHERE id = ?'),
      addAccount: database.prepare<never>(
        "INSERT INTO accounts (id, revision, event_id, latest) VALUES (?, -1, '', 0)",
      ),
      advance: database.prepare<never>(
        'UPDATE accounts SET revision = ?, event_id = ?, latest = ? WHERE number = ?',
      ),
      addEntry: database.prepare<never>('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)'),
      addRest: database.prepare<never>('INSERT INTO rests VALUES (?, ?, ?)'),
      entry: database.prepare<EntryRow>(`SELECT ${entry} FROM entries WHERE place = ?`),
      entries: database.prepare<EntryRow>(
        `SELECT ${entry} FROM entries WHERE place BETWEEN ? AND ? ORDER BY place`,
      ),
      bytes: database.prepare<{ bytes: number }>(
        'SELECT ifnull(sum(octet_length(entry)), 0) AS bytes FROM entries WHERE place BETWEEN ? AND ?',
      ),
      latest: database.prepare<{ latest: number }>('SELECT latest FROM entries WHERE place = ?'),
      rests: database.prepare<{ rest: string }>('SELECT rest FROM rests WHERE place = ? ORDER BY part'),
      hasRests: database.prepare<object>('SELECT 1 FROM rests WHERE place BETWEEN ? AND ? LIMIT 1'),
      addPosting: database.prepare<never>('INSERT OR REPLACE INTO postings VALUES (?, ?, ?, ?)'),
      posting: database.prepare<{ bits: Uint8Array }>(
        'SELECT bits FROM postings WHERE account = ? AND term = ? AND block = ?',
      ),
      blocks: database.prepare<{ block: number }>(
        'SELECT block FROM postings WHERE account = ? AND term = ?',
      ),
      range: database.prepare<Posting>(
        'SELECT block, bits FROM postings WHERE account = ? AND term >= ? AND term < ?',
      ),
      addColumn: database.prepare<never>('INSERT INTO columns VALUES (?, ?, ?, ?)'),
      blocksWith: database.prepare<{ block: number }>(
        'SELECT block FROM columns WHERE account = ? AND name = ? AND instr(numbers, ?)',
      ),
      column: database.prepare<{ numbers: Uint8Array }>(
        'SELECT numbers FROM columns WHERE account = ? AND name = ? AND block = ?',
      ),
    };
  }

  account(id: string): IndexedAccount | undefined {
    return this.statements.account.get(id);
  }

  /** An account without entries. */
  addAccount(id: string): IndexedAccount {
    this.statements.addAccount.run(id);
    return only(this.account(id));
  }

  advance({ number, revision, event_id, latest }: IndexedAccount): void {
    this.statements.advance.run(revision, event_id, latest, number);
  }

  /** Forgets all of an account. */
  drop({ number }: IndexedAccount): void {
    const places = `place BETWEEN ${number * PLACES} AND ${(number + 1) * PLACES - 1}`;
    for (const table of ['entries', 'rests'])
      this.database.database.exec(`DELETE FROM ${table} WHERE ${places}`);
    for (const table of ['postings', 'columns', 'names'])
      this.database.database.exec(`DELETE FROM ${table} WHERE account = ${number}`);
    this.database.database.exec(`DELETE FROM accounts WHERE number = ${number}`);
  }

  addEntry(
    account: number,
    { revision, latest, first, count, entry, owners }: EntryRow,
    rests: readonly string[],
  ): void {
    const place = placeOf(account, revision);
    this.statements.addEntry.run(place, latest, first, count, entry, owners);
    for (const [part, rest] of rests.entries()) this.statements.addRest.run(place, part, rest);
  }

  entry(account: number, revision: number): EntryRow | undefined {
    return this.statements.entry.get(placeOf(account, revision));
  }

  /** Ascending, both ends included. */
  entries(account: number, from: number, to: number): EntryRow[] {
    return this.statements.entries.all(placeOf(account, from), placeOf(account, to));
  }

  /** How long the rows of some revisions are, both ends included, in bytes. It does not read them. */
  bytes(account: number, from: number, to: number): number {
    return only(this.statements.bytes.get(placeOf(account, from), placeOf(account, to))).bytes;
  }

  latest(account: number, revision: number): number | undefined {
    return this.statements.latest.get(placeOf(account, revision))?.latest;
  }

  rests(account: number, revision: number): string[] {
    return this.statements.rests.all(placeOf(account, revision)).map(({ rest }) => rest);
  }

  hasRests(account: number, from: number, to: number): boolean {
    return this.statements.hasRests.get(placeOf(account, from), placeOf(account, to)) !== undefined;
  }

  /** Writes the terms of a block, and has the block forget them. Those of a block that has written some join them. */
  addTerms(account: number, block: OpenBlock): void {
    const { number, hasWritten } = block;
    for (const [term, offsets] of block.takeTerms()) {
      const written = hasWritten ? this.posting(account, term, number) : undefined;
      const bits = written ? Bitmap.decode(written).or(Bitmap.of(offsets)).encode() : encodeOffsets(offsets);
      this.statements.addPosting.run(account, term, number, bits);
    }
  }

  /** Writes a full block. */
  addBlock(account: number, block: OpenBlock): void {
    this.addTerms(account, block);
    for (const column of columns)
      this.statements.addColumn.run(account, column, block.number, bytesOf(block, column));
  }

  posting(account: number, term: string, block: number): Uint8Array | undefined {
    return this.statements.posting.get(account, term, block)?.bits;
  }

  /** The written blocks that have a term. */
  blocks(account: number, term: string): number[] {
    return this.statements.blocks.all(account, term).map(({ block }) => block);
  }

  range(account: number, from: string, before: string): Iterable<Posting> {
    return this.statements.range.iterate(account, from, before);
  }

  /** The written blocks that may have a number in a column of numbers of 32 bits. */
  blocksWith(account: number, name: Column, number: number): number[] {
    const bytes = new Uint8Array(new Uint32Array([number]).buffer);
    return this.statements.blocksWith.all(account, name, bytes).map(({ block }) => block);
  }

  column(account: number, name: Column, block: number): Uint8Array | undefined {
    return this.statements.column.get(account, name, block)?.numbers;
  }
}

function placeOf(account: number, revision: number): number {
  return account * PLACES + revision;
}
