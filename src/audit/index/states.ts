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
  /** Least recently used first. */
  private readonly states = new Map<string, FoldedState>();

  get(account: string): FoldedState | undefined {
    return this.states.get(account);
  }

  put(account: string, folded: FoldedState): void {
    this.states.delete(account);
    this.states.set(account, folded);
    let total = 0;
    for (const { revision } of this.states.values()) total += revision + 2;
    for (const [id, { revision }] of this.states) {
      if (total <= BUDGET || id === account) return;
      total -= revision + 2;
      this.states.delete(id);
    }
  }

  drop(account: string): void {
    this.states.delete(account);
  }
}
