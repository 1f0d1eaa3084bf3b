import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { appendContract } from './contract-append.js';
import { concurrencyContract } from './contract-concurrency.js';
import { readContract } from './contract-read.js';
import { reopenContract } from './contract-reopen.js';
import { subscribeContract } from './contract-subscribe.js';

/** How the contract gets at a kind of store. The log behind it may be shared and need not be empty. */
export interface Harness {
  open(): Promise<EventStore>;
  /** Opens the log of a store that was closed; absent where a log lives only as long as its store. */
  reopen?(): Promise<EventStore>;
  /** Clears away what is left after the store was closed. */
  remove(): Promise<void>;
}

/** The store under test; asked for anew in each test, since it may have been closed and opened again. */
export type CurrentStore = () => EventStore;

/** What every event store does, whatever it is made of. */
export function eventStoreContract(name: string, makeHarness: () => Harness): void {
  describe(name, () => {
    const harness = makeHarness();
    let store: EventStore | undefined;
    const current = () => {
      if (!store) throw new Error('The store did not open');
      return store;
    };
    beforeAll(async () => {
      store = await harness.open();
    });
    afterAll(async () => {
      await store?.close();
      await harness.remove();
    });

    describe('append', () => appendContract(current));
    describe('concurrent appends', () => concurrencyContract(current));
    describe('read', () => readContract(current));
    describe('subscribe', () => subscribeContract(current));

    const reopen = harness.reopen?.bind(harness);
    if (reopen)
      describe('close and open again', () =>
        reopenContract(current, async () => {
          await current().close();
          store = await reopen();
        }));
  });
}
