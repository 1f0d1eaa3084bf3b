import type { AuditCount, ShownEntry } from '../answers.js';
import type { Statistic } from '../audit-query.js';
import { inOrder, spanOf, startOf } from '../time-spans.js';
import type { AccountBlocks } from './account-blocks.js';
import type { SelectedBlock } from './selection.js';
import type { Texts } from './texts.js';

const columns = { category: 'categories', actor: 'actors', event: 'events' } as const;

/** Counts entries block by block. */
export class Statistics {
  private readonly counts = new Map<number, number>();
  /** The newest entry of each key. */
  private readonly newest = new Map<number, number>();
  private readonly span: number | undefined;

  constructor(
    private readonly blocks: AccountBlocks,
    private readonly texts: Texts,
    private readonly by: Statistic,
  ) {
    this.span = spanOf(by);
  }

  add({ number, base, bitmap }: SelectedBlock): void {
    const numbers = this.blocks.column(this.columnName, number);
    // All numbers from a key on that count for it.
    const width = this.span ?? 1;
    let [key, count, last] = [NaN, 0, 0];
    for (let at = bitmap.next(0); at !== -1; at = at < numbers.length - 1 ? bitmap.next(at + 1) : -1) {
      const value = numbers[at] ?? 0;
      if (!(value >= key && value < key + width)) {
        this.note(key, count, base + last);
        [key, count] = [this.keyOf(value), 0];
      }
      count += 1;
      last = at;
    }
    this.note(key, count, base + last);
  }

  result(): AuditCount[] {
    const { by, span } = this;
    const counts = [...this.counts].map(([number, count]) => ({
      key: span === undefined ? this.texts.textOf(number) : new Date(number).toISOString(),
      ...(by === 'actor' ? { name: this.nameAt(this.newest.get(number) ?? -1) } : {}),
      count,
    }));
    return inOrder(counts, by);
  }

  private get columnName() {
    const { by } = this;
    return by === 'category' || by === 'actor' || by === 'event' ? columns[by] : 'times';
  }

  private keyOf(number: number): number {
    return this.span === undefined ? number : startOf(number, this.span);
  }

  private note(key: number, count: number, last: number): void {
    if (count === 0) return;
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
    if (this.by === 'actor') this.newest.set(key, Math.max(this.newest.get(key) ?? -1, last));
  }

  private nameAt(revision: number): string {
    const row = this.blocks.row(revision);
    return row ? (JSON.parse(row.entry) as ShownEntry).actor.name : '';
  }
}
