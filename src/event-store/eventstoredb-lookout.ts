import { type Position, StoreUnavailable } from './event-store.js';
import { isBefore } from './eventstoredb-event.js';

/** A look at a part of the log. */
export interface Glance {
  /** Where the first event lies that a subscription should bring. */
  readonly first: Position | undefined;
  /** How far the look went. */
  readonly last: Position | undefined;
}

/** Finds out whether a silent subscription has nothing to say, or has been forgotten by the server. */
export class Lookout {
  /** Up to here there was nothing that the subscription should have brought. */
  private searched: Position | undefined;
  /** Where it should have brought something. */
  private missed: Position | undefined;

  /** @param glance reads on from a position; it fails when the server is not there */
  constructor(private readonly glance: (after: Position | undefined) => Promise<Glance>) {}

  /**
   * Looks at the log once more.
   * @param position how far the subscription has come
   * @throws StoreUnavailable when it does not bring what was seen the last time either
   */
  async look(position: Position | undefined): Promise<void> {
    if (this.missed !== undefined && isBefore(position, this.missed))
      throw new StoreUnavailable('The subscription does not bring what EventStoreDB holds');
    this.missed = undefined;
    const { first, last } = await this.glance(isBefore(position, this.searched) ? this.searched : position);
    this.missed = first;
    if (first === undefined) this.searched = last;
  }
}
