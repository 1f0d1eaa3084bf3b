import { CachedAccount } from './cached-account.js';

/** The accounts this process used last, as many as fit a budget of events folded. */
export class AccountCache {
  /** Least recently used first. */
  private readonly accounts = new Map<string, { readonly account: CachedAccount; weight: number }>();
  private total = 0;

  /** @param budget how many events the cached accounts may have in their streams, all together */
  constructor(private readonly budget: number) {}

  /** The account, empty and at NO_STREAM when it was not here. */
  get(id: string): CachedAccount {
    const entry = this.accounts.get(id) ?? { account: new CachedAccount(id), weight: 0 };
    this.accounts.delete(id);
    this.accounts.set(id, entry);
    return entry.account;
  }

  /** Takes note that an account has grown; drops others, those used longest ago first, until the rest fits. */
  grown(account: CachedAccount): void {
    const entry = this.accounts.get(account.id);
    if (entry?.account !== account) return;
    this.total += account.weight - entry.weight;
    entry.weight = account.weight;
    for (const id of this.accounts.keys()) {
      if (this.total <= this.budget) return;
      if (id !== account.id) this.drop(id);
    }
  }

  drop(id: string): void {
    this.total -= this.accounts.get(id)?.weight ?? 0;
    this.accounts.delete(id);
  }
}
