import { LRUCache } from 'lru-cache';
import type { AuditTables, IndexedAccount } from './audit-tables.js';
import { BLOCK } from './bitmap.js';
import { OpenBlock } from './open-block.js';
import { entryIn } from './stored-entry.js';
import type { Texts } from './texts.js';

/** How many are in memory: a full one takes about 10 MB. */
const MOST_BLOCKS = 32;

/** The open blocks of the accounts used last. One that is not here is made again from its entries. */
export class OpenBlocks {
  /** By the numbers of their accounts. */
  private readonly blocks = new LRUCache<number, OpenBlock>({ max: MOST_BLOCKS });

  constructor(
    private readonly tables: AuditTables,
    private readonly texts: Texts,
  ) {}

  /** The block that the next entry of an account goes into. */
  of({ number, revision }: IndexedAccount): OpenBlock {
    const known = this.blocks.get(number);
    if (known) return known;
    const block = this.load(number, revision);
    this.blocks.set(number, block);
    return block;
  }

  /** Writes a full block, and opens the next one. */
  close(number: number, block: OpenBlock): OpenBlock {
    this.tables.addBlock(number, block);
    const next = new OpenBlock(block.number + 1);
    this.blocks.set(number, next);
    return next;
  }

  drop(number: number): void {
    this.blocks.delete(number);
  }

  private load(number: number, revision: number): OpenBlock {
    const block = new OpenBlock(Math.floor((revision + 1) / BLOCK));
    for (const row of this.tables.entries(number, block.number * BLOCK, revision)) {
      const rests = this.tables.rests(number, row.revision);
      block.add(entryIn({ ...row, rests }), this.texts.numberOf);
    }
    return block;
  }
}
