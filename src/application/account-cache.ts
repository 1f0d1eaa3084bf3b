import { CachedAccount } from './cached-account.js';

/** The accounts this process used last, as many as fit a budget of events folded. */
export class AccountCache {
  /** Least recently used first. */
  private readonly accounts = new Map<string, CachedAccount>();

  /** @param budget how many events the cached accounts may have in their streams, all together */
  constructor(private readonly budget = 2_000_000) {}

  /** The account, empty and at NO_STREAM when it was not here. */
  get(id: string): CachedAccount {
    const account = this.accounts.get(id) ?? new CachedAccount(id);
    this.accounts.delete(id);
    this.accounts.set(id, account);
    return account;
  }

  /** Drops the accounts used longest ago until the rest fits; the one just used stays. */
  trim(): void {
    let total = 0;
    for (const { weight } of this.accounts.values()) total += weight;
    for (const [id, { weight }] of this.accounts) {
      if (total <= this.budget || this.accounts.size === 1) return;
      this.accounts.delete(id);
      total -= weight;
    }
  }

  drop(id: string): void {
    this.accounts.delete(id);
  }
}
