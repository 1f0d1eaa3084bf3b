import { LRUCache } from 'lru-cache';
import type { AccountUser } from '../domain/account-user.js';
import type { Category } from '../domain/category.js';
import { eventCatalogue } from '../domain/event-catalogue.js';
import type { AccountEventRecord } from '../event-store/codec.js';

/** Events of these categories may take rights away. */
const ofRights: ReadonlySet<Category> = new Set([
  ...(['delete', 'membership', 'role', 'permission', 'credential', 'settings'] as const),
]);

/** So many users and accounts are remembered, far more than can change between two looks of a reader. */
const MOST = 100_000;

/** Tells when something happened that may have taken rights away. What names a user takes them from that one alone. */
export class RightsChanges {
  private readonly changes = new LRUCache<string, number>({ max: MOST });
  private count = 0;

  take({ account, event }: AccountEventRecord): void {
    if (!ofRights.has(eventCatalogue[event.type].category)) return;
    const user_id: unknown = Reflect.get(event.data, 'user_id');
    this.changes.set(typeof user_id === 'string' ? nameOf({ user_id, account }) : account, (this.count += 1));
  }

  /**
   * The last change that concerns some accounts or users; another number means that there was another one since.
   * @param concerned ids of accounts, and users as {@link nameOf} names them
   */
  last(concerned: readonly string[]): number {
    return concerned.reduce((last, one) => Math.max(last, this.changes.get(one) ?? 0), 0);
  }
}

/** What a user's changes are known by. */
export function nameOf({ user_id, account }: AccountUser): string {
  return `${account}/${user_id}`;
}
