import { type Position, StoreUnavailable } from './event-store.js';
import { isBefore } from './eventstoredb-event.js';

/** The result of reading a part of the log. */
export interface Scan {
  /** The place of the first event that a subscription should bring. */
  readonly first: Position | undefined;
  /** How far the read went. */
  readonly last: Position | undefined;
}

/** Tells apart a subscription with nothing to bring and one that the server has forgotten. */
export class SubscriptionProbe {
  /** Up to this place the log held nothing that the subscription should have brought. */
  private searched: Position | undefined;
  /** The place of an event that the subscription should have brought. */
  private missed: Position | undefined;

  /** @param scan reads on from a position; it fails when the server does not answer */
  constructor(private readonly scan: (after: Position | undefined) => Promise<Scan>) {}

  /**
   * Reads the log once more.
   * @param position how far the subscription has come
   * @throws StoreUnavailable when the server does not answer, or when the subscription has still not brought
   * the event that the last check found
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
