import { LRUCache } from 'lru-cache';
import type { AccountState } from '../../domain/account-state.js';

/** A state with the revision of the last event in it. */
export interface FoldedState {
  readonly state: AccountState;
  revision: number;
}

/** How many events the states in memory may stand on, all together. */
const BUDGET = 1_000_000;

/** The states of the accounts that were indexed last, as many as fit a budget of events folded. */
export class States {
  private readonly states = new LRUCache<string, FoldedState>({ maxSize: BUDGET });

  get(account: string): FoldedState | undefined {
    return this.states.get(account);
  }

  /** Keeps a state; one that is larger than the budget is kept alone. */
  put(account: string, folded: FoldedState): void {
    // The cache asks for the size of an entry that is new, not of one that is set again.
    this.states.delete(account);
    this.states.set(account, folded, { size: Math.min(folded.revision + 2, BUDGET) });
  }

  drop(account: string): void {
    this.states.delete(account);
  }
}
