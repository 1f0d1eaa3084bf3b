import type { AuditTables, IndexedAccount } from './audit-tables.js';
import { BLOCK } from './bitmap.js';
import { OpenBlock } from './open-block.js';
import { entryIn } from './stored-entry.js';
import type { Texts } from './texts.js';

/** How many entries the blocks in memory may have, all together: about 3 kB each. */
const MOST_ENTRIES = 32 * BLOCK;

/** The open blocks of the accounts used last. One that is not here is made again from its entries. */
export class OpenBlocks {
  /** By the numbers of their accounts, least recently used first. */
  private readonly blocks = new Map<number, OpenBlock>();

  constructor(
    private readonly tables: AuditTables,
    private readonly texts: Texts,
  ) {}

  /** The block that the next entry of an account goes into. */
  of({ number, revision }: IndexedAccount): OpenBlock {
    const known = this.blocks.get(number) ?? this.load(number, revision);
    this.blocks.delete(number);
    this.blocks.set(number, known);
    return known;
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
    this.makeRoom();
    const block = new OpenBlock(Math.floor((revision + 1) / BLOCK));
    for (const row of this.tables.entries(number, block.number * BLOCK, revision)) {
      const rests = this.tables.rests(number, row.revision);
      block.add(entryIn({ ...row, rests }), this.texts.numberOf);
    }
    return block;
  }

  private makeRoom(): void {
    let total = BLOCK;
    for (const { count } of this.blocks.values()) total += count;
    for (const [number, { count }] of this.blocks) {
      if (total <= MOST_ENTRIES) return;
      total -= count;
      this.blocks.delete(number);
    }
  }
}
