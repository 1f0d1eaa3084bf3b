import type { AuditCount, ShownEntry } from '../answers.js';
import type { Statistic } from '../audit-query.js';
import type { AccountBlocks } from './account-blocks.js';
import type { SelectedBlock } from './selection.js';
import type { Texts } from './texts.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The epoch was a Thursday: weeks begin on Monday. */
const MONDAY_MS = 4 * DAY_MS;

const spans = { hour: HOUR_MS, day: DAY_MS, week: WEEK_MS };
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
    this.span = by in spans ? spans[by as keyof typeof spans] : undefined;
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

  /** Spans of time ascending, others by count descending. */
  result(): AuditCount[] {
    if (this.span !== undefined)
      return [...this.counts]
        .sort(([one], [other]) => one - other)
        .map(([start, count]) => ({ key: new Date(start).toISOString(), count }));
    const counts = [...this.counts].map(([number, count]) => ({
      key: this.texts.textOf(number),
      ...(this.by === 'actor' ? { name: this.nameAt(this.newest.get(number) ?? -1) } : {}),
      count,
    }));
    return counts.sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1));
  }

  private get columnName() {
    const { by } = this;
    return by === 'category' || by === 'actor' || by === 'event' ? columns[by] : 'times';
  }

  private keyOf(number: number): number {
    const { span } = this;
    if (span === undefined) return number;
    const offset = span === WEEK_MS ? MONDAY_MS : 0;
    return Math.floor((number - offset) / span) * span + offset;
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
