import { type Position, StoreUnavailable } from './event-store.js';
import { isBefore } from './eventstoredb-event.js';

/** What a read of a part of the log found. */
export interface Scan {
  /** Where the first event lies that a subscription should bring. */
  readonly first: Position | undefined;
  /** How far it went. */
  readonly last: Position | undefined;
}

/** Tells a subscription that has nothing to bring from one that the server has forgotten. */
export class SubscriptionProbe {
  /** Up to here there was nothing that the subscription should have brought. */
  private searched: Position | undefined;
  /** Where it should have brought something. */
  private missed: Position | undefined;

  /** @param scan reads on from a position; it fails when the server is not there */
  constructor(private readonly scan: (after: Position | undefined) => Promise<Scan>) {}

  /**
   * Reads the log once more.
   * @param position how far the subscription has come
   * @throws StoreUnavailable when it does not bring either what was there the last time
   */
  async check(position: Position | undefined): Promise<void> {
    if (this.missed !== undefined && isBefore(position, this.missed))
      throw new StoreUnavailable('The subscription does not bring what EventStoreDB holds');
    this.missed = undefined;
    const { first, last } = await this.scan(isBefore(position, this.searched) ? this.searched : position);
    this.missed = first;
    if (first === undefined) this.searched = last;
  }
}
