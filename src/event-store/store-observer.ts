import type { StoreUnavailable } from './event-store.js';

/** Hears of every answer of an event store and of every one that did not come. */
export interface StoreObserver {
  answered(): void;
  failed(failure: StoreUnavailable): void;
}
