import type { StoreUnavailable } from './event-store.js';

/** Is told of every answer of an event store, and of every answer that did not come. */
export interface StoreObserver {
  answered(): void;
  failed(failure: StoreUnavailable): void;
}
