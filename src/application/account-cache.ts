import { LRUCache } from 'lru-cache';
import { CachedAccount } from './cached-account.js';
import type { MemoryBudget } from './memory-budget.js';
import { RefusedAccounts } from './refused-accounts.js';

/** The accounts that this process used last, as many as fit into a budget of memory. */
export class AccountCache {
  private readonly accounts: LRUCache<string, CachedAccount>;
  /** Those that are too large to be here. */
  readonly refused = new RefusedAccounts();

  constructor(private readonly budget: MemoryBudget) {
    this.accounts = new LRUCache({ maxSize: budget.all });
  }

  /** The account, empty and at NO_STREAM when it was not here. */
  get(id: string): CachedAccount {
    const known = this.accounts.get(id);
    if (known) return known;
    const account = new CachedAccount(id, this.budget.one);
    this.keep(account);
    return account;
  }

  /**
   * Takes note that an account has grown.
   * Then drops other accounts, those used longest ago first, until the rest fits.
   */
  grown(account: CachedAccount): void {
    if (this.accounts.peek(account.id) !== account) return;
    // The cache asks for the size of a new entry, not of an entry that is set again.
    this.accounts.delete(account.id);
    this.keep(account);
  }

  drop(id: string): void {
    this.accounts.delete(id);
  }

  /** The cache would refuse an account larger than the budget. Such an account is kept alone. */
  private keep(account: CachedAccount): void {
    this.accounts.set(account.id, account, { size: Math.min(account.weight, this.budget.all) });
  }
}
