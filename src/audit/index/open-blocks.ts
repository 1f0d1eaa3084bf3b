import { LRUCache } from 'lru-cache';
import type { AuditDatabase } from './audit-database.js';
import type { AuditTables, IndexedAccount } from './audit-tables.js';
import { BLOCK } from './bitmap.js';
import { OpenBlock } from './open-block.js';
import { entryIn } from './stored-entry.js';
import type { Texts } from './texts.js';

/** What part of the memory for all of them the terms of one may take. */
const ONE = 1 / 4;

/**
 * The open blocks of the accounts used last, as many as fit a budget of memory. One that is not here is made again from its
 * entries; the terms of one that takes too much are written before it is full.
 */
export class OpenBlocks {
  /** By the numbers of their accounts. */
  private readonly blocks: LRUCache<number, OpenBlock>;

  /** @param mostBytes how much memory they may take, all together */
  constructor(
    private readonly database: AuditDatabase,
    private readonly tables: AuditTables,
    private readonly texts: Texts,
    private readonly mostBytes: number,
  ) {
    this.blocks = new LRUCache({ maxSize: mostBytes });
  }

  /** About how much memory they take, all together. */
  get bytes(): number {
    return this.blocks.calculatedSize;
  }

  /** The block that the next entry of an account goes into. */
  of({ number, revision }: IndexedAccount): OpenBlock {
    const known = this.blocks.get(number);
    if (known) return known;
    const block = this.load(number, revision);
    this.weigh(number, block);
    return block;
  }

  /** To be called when a block has got another entry: one that is full or takes too much memory is written. */
  added(number: number, block: OpenBlock): void {
    if (block.isFull) {
      this.tables.addBlock(number, block);
      this.weigh(number, new OpenBlock(block.number + 1));
    } else this.relieve(number, block);
  }

  /** To be called when a block has got some entries: others have to go for it. */
  weigh(number: number, block: OpenBlock | undefined = this.blocks.peek(number)): void {
    if (!block) return;
    // The cache asks for the size of an entry that is new, not of one that is set again.
    this.blocks.delete(number);
    this.blocks.set(number, block, { size: Math.min(block.bytes, this.mostBytes) });
  }

  drop(number: number): void {
    this.blocks.delete(number);
  }

  private relieve(number: number, block: OpenBlock): void {
    if (block.termBytes <= this.mostBytes * ONE) return;
    this.database.begin();
    this.tables.addTerms(number, block);
  }

  private load(number: number, revision: number): OpenBlock {
    const block = new OpenBlock(Math.floor((revision + 1) / BLOCK));
    for (let next = block.number * BLOCK; next <= revision; next += 1) {
      const row = this.tables.entry(number, next);
      if (!row) throw new Error(`The audit index has no entry of revision ${next}`);
      const rests = this.tables.rests(number, next);
      block.add(entryIn({ ...row, rests }), this.texts.numberOf);
      this.relieve(number, block);
    }
    return block;
  }
}
