import { LRUCache } from 'lru-cache';
import { type AccountState, bytesOf } from '../../domain/account-state.js';

/** A state with the revision of the last event in it. */
export interface FoldedState {
  readonly state: AccountState;
  revision: number;
}

/** What an empty state takes. */
const EMPTY_BYTES = 8 * 1024;

/** The states of the accounts that were indexed last, as many as fit a budget of memory. */
export class States {
  private readonly states: LRUCache<string, FoldedState>;

  /** @param mostBytes how much memory the states may take, all together */
  constructor(private readonly mostBytes: number) {
    this.states = new LRUCache({ maxSize: mostBytes });
  }

  get(account: string): FoldedState | undefined {
    return this.states.get(account);
  }

  /** Keeps a state; one that is larger than the budget is kept alone. */
  put(account: string, folded: FoldedState): void {
    // The cache asks for the size of an entry that is new, not of one that is set again.
    this.states.delete(account);
    this.states.set(account, folded, {
      size: Math.min(EMPTY_BYTES + bytesOf(folded.state), this.mostBytes),
    });
  }

  drop(account: string): void {
    this.states.delete(account);
  }
}
