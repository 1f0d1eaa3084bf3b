import type { ShownEntry } from '../answers.js';
import type { AccountBlocks } from './account-blocks.js';
import { Bitmap, BLOCK } from './bitmap.js';
import { hashOf } from './columns.js';
import type { Expression } from './expression.js';

/** Finds what an expression wants, a block at a time. */
export interface Matcher {
  /** Blocks outside of which there is nothing; undefined when it may be anywhere. */
  readonly blocks: ReadonlySet<number> | undefined;
  /** A bitmap that is the caller's own; undefined for none. */
  in(block: number): Bitmap | undefined;
}

export function matcherOf(expression: Expression, blocks: AccountBlocks): Matcher {
  switch (expression.kind) {
    case 'term':
      return matchTerm(expression.term, blocks);
    case 'range':
      return matchRange(expression.range, blocks);
    case 'id':
      return matchId(expression, blocks);
    case 'any':
      return matchAny(expression.of.map((one) => matcherOf(one, blocks)));
    case 'all':
      return matchAll(expression.of.map((one) => matcherOf(one, blocks)));
    case 'not':
      return matchNot(matcherOf(expression.of, blocks));
  }
}

function matchTerm(term: string, blocks: AccountBlocks): Matcher {
  return { blocks: blocks.blocksOf(term), in: (block) => blocks.bitmap(term, block) };
}

function matchRange({ from, before }: { from: string; before?: string }, blocks: AccountBlocks): Matcher {
  if (before === undefined) return matchTerm(from, blocks);
  const bitmaps = blocks.range(from, before);
  const copy = (bitmap: Bitmap | undefined) => bitmap && Bitmap.empty().or(bitmap);
  return { blocks: new Set(bitmaps.keys()), in: (block) => copy(bitmaps.get(block)) };
}

function matchAny(all: readonly Matcher[]): Matcher {
  const known = all.flatMap(({ blocks }) => blocks ?? []);
  return {
    blocks: known.length === all.length ? new Set(known.flatMap((blocks) => [...blocks])) : undefined,
    in: (block) => {
      let union: Bitmap | undefined;
      for (const one of all) {
        const bitmap = has(one, block) ? one.in(block) : undefined;
        if (bitmap) union = union?.or(bitmap) ?? bitmap;
      }
      return union;
    },
  };
}

function matchAll(all: readonly Matcher[]): Matcher {
  // What is in the fewest blocks comes first: most blocks need not be looked at then.
  const ordered = [...all].sort((one, other) => sizeOf(one) - sizeOf(other));
  const fewest = ordered[0]?.blocks;
  return {
    blocks: fewest && new Set([...fewest].filter((block) => ordered.every((one) => has(one, block)))),
    in: (block) => {
      let common = Bitmap.range(0, BLOCK - 1);
      for (const one of ordered) {
        const bitmap = has(one, block) ? one.in(block) : undefined;
        if (!bitmap) return undefined;
        common = bitmap.and(common);
        if (common.isEmpty) return undefined;
      }
      return common;
    },
  };
}

function matchNot(not: Matcher): Matcher {
  return {
    blocks: undefined,
    in: (block) => {
      const bitmap = has(not, block) ? not.in(block) : undefined;
      const all = Bitmap.range(0, BLOCK - 1);
      return bitmap ? all.andNot(bitmap) : all;
    },
  };
}

function has({ blocks }: Matcher, block: number): boolean {
  return blocks?.has(block) ?? true;
}

function sizeOf({ blocks }: Matcher): number {
  return blocks?.size ?? Infinity;
}

function matchId(
  { of, id }: { readonly of: 'command_id' | 'request_id'; readonly id: string },
  blocks: AccountBlocks,
): Matcher {
  const column = of === 'command_id' ? 'commands' : 'requests';
  const hash = hashOf(id);
  const isIt = (revision: number) => {
    const row = blocks.row(revision);
    return row !== undefined && (JSON.parse(row.entry) as ShownEntry)[of] === id;
  };
  return {
    blocks: blocks.blocksWith(column, hash),
    in: (block) => {
      const hashes = blocks.column(column, block);
      const found: number[] = [];
      for (let at = hashes.indexOf(hash); at !== -1; at = hashes.indexOf(hash, at + 1))
        if (isIt(block * BLOCK + at)) found.push(at);
      return found.length > 0 ? Bitmap.of(found) : undefined;
    },
  };
}
