import type { AccountEventRecord } from '../event-store/codec.js';
import type { Families } from './families.js';
import type { RecentEvents } from './recent-events.js';
import { Watch } from './watch.js';

/** How long news is gathered before its readers are woken, in milliseconds. */
const INTERVAL_MS = 20;

/** Tells those who follow accounts that the views show more of them. */
export class Arrivals {
  private readonly watches = new Map<string, Set<Watch>>();
  private readonly moved = new Set<string>();
  private readonly written = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly recent: RecentEvents,
    private readonly families: Pick<Families, 'companyOf'>,
  ) {}

  /** Takes what the views show more of an account. */
  take(account: string, records: readonly AccountEventRecord[]): void {
    if (this.watches.size === 0) return;
    const followed = [account, familyOf(this.families.companyOf(account))].filter((one) =>
      this.watches.has(one),
    );
    if (followed.length === 0) return;
    const written = records.reduce((sum, record) => sum + this.recent.keep(record).text.length, 0);
    for (const one of followed) {
      this.written.set(one, this.writtenOf(one) + written);
      this.moved.add(one);
    }
    this.timer ??= setTimeout(() => this.tell(), INTERVAL_MS);
  }

  /** @param followed an account, or a company with all its clients as {@link familyOf} names it */
  watch(followed: string): Watch {
    const all = this.watches.get(followed) ?? new Set();
    this.watches.set(followed, all);
    const watch = new Watch(() => {
      all.delete(watch);
      if (all.size > 0 || this.watches.get(followed) !== all) return;
      this.watches.delete(followed);
      this.written.delete(followed);
    });
    all.add(watch);
    return watch;
  }

  /** How many characters of events have come while an account or a company with all its clients was followed. */
  writtenOf(followed: string): number {
    return this.written.get(followed) ?? 0;
  }

  private tell(): void {
    this.timer = undefined;
    for (const followed of this.moved) for (const watch of this.watches.get(followed) ?? []) watch.tell();
    this.moved.clear();
  }
}

/** What a company with all its clients is followed by. */
export function familyOf(company: string | undefined): string {
  return `${company ?? ''}/*`;
}
