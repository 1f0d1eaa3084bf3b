import type { AuditTables, EntryRow, IndexedAccount } from './audit-tables.js';
import { Bitmap } from './bitmap.js';
import { type Column, numbersIn } from './columns.js';
import type { OpenBlock } from './open-block.js';
import type { OpenBlocks } from './open-blocks.js';

/** The blocks of one account, those that are written and the open one alike. */
export class AccountBlocks {
  private readonly number: number;

  constructor(
    private readonly tables: AuditTables,
    private readonly openBlocks: OpenBlocks,
    /** The account as it is indexed now, which may change between two questions. */
    private readonly account: () => IndexedAccount,
  ) {
    this.number = account().number;
  }

  /** The offsets of a block whose entries have a term; undefined for none. */
  bitmap(term: string, block: number): Bitmap | undefined {
    const { open } = this;
    if (block !== open.number) return this.written(term, block);
    const waiting = open.bitmap(term);
    const written = open.hasWritten ? this.written(term, block) : undefined;
    return (waiting && written?.or(waiting)) ?? waiting ?? written;
  }

  /** The numbers of the blocks that have a term. */
  blocksOf(term: string): Set<number> {
    const { open } = this;
    const blocks = new Set(this.tables.blocks(this.number, term));
    if (open.has(term)) blocks.add(open.number);
    return blocks;
  }

  /** The offsets by block of entries with any term that begins so. @param before what comes after all of them */
  range(from: string, before: string): Map<number, Bitmap> {
    const bitmaps = new Map<number, Bitmap>();
    const take = (block: number, bitmap: Bitmap) =>
      bitmaps.set(block, bitmaps.get(block)?.or(bitmap) ?? bitmap);
    for (const { block, bits } of this.tables.range(this.number, from, before))
      take(block, Bitmap.decode(bits));
    const { open } = this;
    const waiting = open.beginning(from);
    if (waiting) take(open.number, waiting);
    return bitmaps;
  }

  /** The numbers of the blocks that may have a number in a column. */
  blocksWith(name: 'commands' | 'requests', number: number): Set<number> {
    return new Set([...this.tables.blocksWith(this.number, name, number), this.open.number]);
  }

  column(name: Column, block: number): Float64Array | Uint32Array {
    const { open } = this;
    if (block === open.number) return open[name];
    return numbersIn(this.tables.column(this.number, name, block) ?? new Uint8Array(), name);
  }

  row(revision: number): EntryRow | undefined {
    return this.tables.entry(this.number, revision);
  }

  /** The rows of some revisions. @param revisions in one order, up or down, in which the rows come as well */
  rows(revisions: readonly number[]): EntryRow[] {
    const [one = 0, other = 0] = [revisions[0], revisions.at(-1)];
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    // Where most are wanted they are read at once.
    if (to - from >= 2 * revisions.length) return revisions.flatMap((revision) => this.row(revision) ?? []);
    const wanted = new Set(revisions);
    const rows = this.tables.entries(this.number, from, to).filter((row) => wanted.has(row.revision));
    return from === one ? rows : rows.reverse();
  }

  /** How long the rows of some revisions are, both ends included, in bytes. */
  bytes(from: number, to = from): number {
    return this.tables.bytes(this.number, from, to);
  }

  /** What does not fit into the rows of some revisions. */
  rests(from: number, to: number): ((revision: number) => readonly string[]) | undefined {
    if (!this.tables.hasRests(this.number, from, to)) return undefined;
    return (revision) => this.tables.rests(this.number, revision);
  }

  /** The last revision whose running maximum of `time` is not later than a time; -1 before the first. */
  lastBy(time: number, head: number): number {
    let [low, high] = [-1, head];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.tables.latest(this.number, middle) ?? Infinity) <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private written(term: string, block: number): Bitmap | undefined {
    const bits = this.tables.posting(this.number, term, block);
    return bits && Bitmap.decode(bits);
  }

  private get open(): OpenBlock {
    return this.openBlocks.of(this.account());
  }
}
