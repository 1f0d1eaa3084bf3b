/** What a subscriber has saved of itself. */
export interface SubscriberState {
  /** Counts the saves; the next save names it. */
  readonly revision: number;
  /** JSON. */
  readonly data: string;
}

/** Something that the holder of a subscriber is asked to do. */
export interface SubscriberOrder {
  /** The place among the orders of its subscriber: 0, 1, 2 …, perhaps with gaps. */
  readonly revision: number;
  /** JSON. */
  readonly data: string;
}

export const deliveryStatuses = ['pending', 'delivered', 'failed', 'given_up', 'skipped'] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** A delivery as it is kept. A delivery with the same id replaces it. */
export interface KeptDelivery {
  readonly id: string;
  /** When it was first planned, in milliseconds since the epoch. */
  readonly time: number;
  readonly status: DeliveryStatus;
  /** JSON. */
  readonly data: string;
}

export interface DeliverySelection {
  /** Only deliveries in one of these states. */
  readonly statuses?: readonly DeliveryStatus[];
  /** Only deliveries first planned at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  readonly limit: number;
  readonly offset: number;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly deliveries: readonly KeptDelivery[];
  /** How many there are in all. */
  readonly total: number;
}

/**
 * Keeps what durable subscribers need beside the log: how far each has come, what it is asked to do and what it
 * has delivered. It has no part in the log's order, hash or copies. Any instance reads what all have kept.
 */
export interface SubscriberLog {
  /** The newest state of a subscriber; undefined before the first. @throws StoreUnavailable */
  state(name: string): Promise<SubscriberState | undefined>;
  /**
   * Replaces the state of a subscriber. Of several writers that name the same revision one succeeds.
   * @param expectedRevision the revision of the state before; NO_STREAM for the first
   * @returns the new revision
   * @throws RevisionConflict when another was quicker
   * @throws StoreUnavailable when the outcome is unknown
   * @throws StoreUnusable when the store does not let this service write there; the message says what to do
   */
  save(name: string, expectedRevision: number, data: string): Promise<number>;
  /** Leaves an order for the holder of a subscriber. @throws StoreUnavailable, StoreUnusable */
  order(name: string, data: string): Promise<void>;
  /**
   * The orders after a revision, at most a hundred.
   * @param done up to this revision they are needed no more
   * @throws StoreUnavailable
   */
  orders(name: string, after: number, done: number): Promise<readonly SubscriberOrder[]>;
  /** Keeps the newest state of some deliveries. @throws StoreUnavailable, StoreUnusable */
  record(name: string, deliveries: readonly KeptDelivery[]): Promise<void>;
  /** @throws StoreUnavailable */
  deliveries(name: string, selection: DeliverySelection): Promise<DeliveryPage>;
  /** @throws StoreUnavailable */
  delivery(name: string, id: string): Promise<KeptDelivery | undefined>;
  /** The ids of the deliveries that a selection finds, the oldest first. @throws StoreUnavailable */
  deliveryIds(
    name: string,
    selection: Omit<DeliverySelection, 'limit' | 'offset'>,
  ): Promise<readonly string[]>;
  /** Forgets everything of a subscriber that is no more. @throws StoreUnavailable, StoreUnusable */
  forget(name: string): Promise<void>;
  /**
   * Forgets some deliveries that were planned before a time in milliseconds since the epoch.
   * @returns whether there are more
   */
  prune(before: number): Promise<boolean>;
  close(): Promise<void>;
}
