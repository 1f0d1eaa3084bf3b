import type { Category } from '../domain/category.js';
import { eventCatalogue } from '../domain/event-catalogue.js';
import type { AccountEventRecord } from '../event-store/codec.js';
import type { RecentEvents } from './recent-events.js';
import { Watch } from './watch.js';

/** How long news is gathered before its readers are woken, in milliseconds. */
const INTERVAL_MS = 20;

/** Events of these categories may take rights away. */
const ofRights: ReadonlySet<Category> = new Set([
  ...(['delete', 'membership', 'role', 'permission', 'credential', 'settings'] as const),
]);

/** Stands for all accounts. */
const ANY = '';

/** Tells those who follow accounts that the views show more of them. */
export class Arrivals {
  private readonly watches = new Map<string, Set<Watch>>();
  private readonly moved = new Set<string>();
  private readonly rights = new Map<string, number>();
  private readonly written = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly recent: RecentEvents) {}

  /** Takes what the views show more of an account. */
  take(account: string, records: readonly AccountEventRecord[]): void {
    const changes = records.filter(({ event }) => ofRights.has(eventCatalogue[event.type].category)).length;
    if (changes > 0) this.rights.set(account, this.changesOfRights([account]) + changes);
    const isFollowed = this.watches.has(account) || this.watches.has(ANY);
    if (!isFollowed) return;
    const written = records.reduce((sum, record) => sum + this.recent.keep(record).text.length, 0);
    this.written.set(account, this.writtenOf(account) + written);
    this.moved.add(account).add(ANY);
    this.timer ??= setTimeout(() => this.tell(), INTERVAL_MS);
  }

  /** @param account one account, or all of them when absent */
  watch(account = ANY): Watch {
    const all = this.watches.get(account) ?? new Set();
    this.watches.set(account, all);
    const watch = new Watch(() => {
      all.delete(watch);
      if (all.size > 0 || this.watches.get(account) !== all) return;
      this.watches.delete(account);
      this.written.delete(account);
    });
    all.add(watch);
    return watch;
  }

  /** How often since the start something happened in accounts that may have taken rights away. */
  changesOfRights(accounts: readonly string[]): number {
    return accounts.reduce((sum, account) => sum + (this.rights.get(account) ?? 0), 0);
  }

  /** How many characters of events have come while an account was followed. */
  writtenOf(account: string): number {
    return this.written.get(account) ?? 0;
  }

  private tell(): void {
    this.timer = undefined;
    for (const account of this.moved) for (const watch of this.watches.get(account) ?? []) watch.tell();
    this.moved.clear();
  }
}
