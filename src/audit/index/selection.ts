import type { AuditQuery, Order } from '../audit-query.js';
import { type Range, rangeOf } from '../range.js';
import type { AccountBlocks } from './account-blocks.js';
import { Bitmap, BLOCK } from './bitmap.js';
import { type Expression, expressionOf } from './expression.js';
import { type Matcher, matcherOf } from './matcher.js';

/** The entries of one block that a query wants. */
export interface SelectedBlock {
  readonly number: number;
  /** The revision of the first offset. */
  readonly base: number;
  readonly bitmap: Bitmap;
}

/** What a query wants of an account. */
export class Selection {
  private constructor(
    private readonly matcher: Matcher,
    private readonly range: Range,
  ) {}

  /**
   * @param head the last revision that is looked at
   * @param now the time of day, in milliseconds since the epoch
   * @throws Rejection bad_request
   */
  static of({ filters, from, to }: AuditQuery, blocks: AccountBlocks, head: number, now: number): Selection {
    const lastBy = (time: number) => blocks.lastBy(time, head);
    const range = rangeOf(from, to, { head, now, lastBy });
    return Selection.over(expressionOf(filters), blocks, range);
  }

  static over(expression: Expression, blocks: AccountBlocks, range: Range): Selection {
    return new Selection(matcherOf(expression, blocks), range);
  }

  /** The same as far as it lies between two revisions, both included. */
  within(from: number, to: number): Selection {
    const range = { from: Math.max(this.range.from, from), to: Math.min(this.range.to, to) };
    return new Selection(this.matcher, range);
  }

  /** What a walk in an order still has before it behind a revision. */
  beyond(order: Order, revision: number, head: number): Selection {
    return order === 'desc' ? this.within(0, revision - 1) : this.within(revision + 1, head);
  }

  /** The blocks with something in them; undefined for one that was looked at in vain, so that others get their turn. */
  *blocks(order: Order): Generator<SelectedBlock | undefined> {
    for (const number of this.candidates(order)) {
      const base = number * BLOCK;
      const bitmap = this.matcher.in(number)?.and(Bitmap.range(this.range.from - base, this.range.to - base));
      yield bitmap && !bitmap.isEmpty ? { number, base, bitmap } : undefined;
    }
  }

  /** The revisions, and undefined now and then, as {@link blocks} does. */
  *revisions(order: Order): Generator<number | undefined> {
    for (const block of this.blocks(order)) {
      if (!block) yield undefined;
      else for (const offset of offsetsOf(block.bitmap, order)) yield block.base + offset;
    }
  }

  private *candidates(order: Order): Generator<number> {
    const { from, to } = this.range;
    if (to < from) return;
    const [first, last] = [Math.floor(from / BLOCK), Math.floor(to / BLOCK)];
    const { blocks } = this.matcher;
    if (blocks) {
      const wanted = [...blocks].filter((block) => block >= first && block <= last);
      yield* wanted.sort((one, other) => (order === 'asc' ? one - other : other - one));
    } else if (order === 'asc') for (let block = first; block <= last; block += 1) yield block;
    else for (let block = last; block >= first; block -= 1) yield block;
  }
}

function* offsetsOf(bitmap: Bitmap, order: Order): Generator<number> {
  if (order === 'asc') yield* bitmap;
  else
    for (let at = bitmap.previous(BLOCK - 1); at !== -1; at = at > 0 ? bitmap.previous(at - 1) : -1) yield at;
}
