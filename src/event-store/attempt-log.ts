/** The place of an attempt among those of its account. They are ordered by time, then revision, then id. */
export interface AttemptKey {
  /** In milliseconds since the epoch. */
  readonly time: number;
  /** The revision of the account at that time. */
  readonly at: number;
  /** Distinguishes the attempt from all others. */
  readonly id: string;
}

/** An attempt as it is kept. An attempt with the same key replaces it. */
export interface KeptAttempt extends AttemptKey {
  /** JSON. */
  readonly data: string;
}

/** The source of a command as it is kept. */
export interface KeptWrite {
  readonly commandId: string;
  /** In milliseconds since the epoch. */
  readonly time: number;
  /** JSON; equal sources have equal texts. */
  readonly source: string;
}

/** An attempt with its place among those of its account, in the order in which they were first kept. */
export interface ArrivedAttempt extends KeptAttempt {
  readonly place: number;
}

export interface AttemptBatch {
  readonly attempts: readonly KeptAttempt[];
  readonly writes: readonly KeptWrite[];
}

/** The attempts of an account to read, and their order. Both ends of both ranges are included. */
export interface AttemptRange {
  readonly order: 'asc' | 'desc';
  /** In milliseconds since the epoch. */
  readonly times: readonly [from: number, to: number];
  readonly revisions: readonly [from: number, to: number];
  /** Only attempts behind this one in that order are read. */
  readonly after?: AttemptKey | undefined;
}

/**
 * Keeps the attempts in each account and the sources of its commands for a number of days. It
 * stands beside the log and has no part in the log's order, hash or copies. Any instance reads what
 * all instances have kept.
 */
export interface AttemptLog {
  /**
   * Keeps a batch of one account. A repeat of the same batch changes nothing, even when the first try has
   * failed or its outcome is unknown.
   * @throws StoreUnavailable when the outcome is unknown or nothing can be written for now
   * @throws StoreUnusable when the store does not let this service write there; the message says what to do
   */
  append(account: string, batch: AttemptBatch): Promise<void>;
  /** Reads attempts in pages. No page is empty. @throws StoreUnavailable */
  read(account: string, range: AttemptRange): AsyncIterable<readonly KeptAttempt[]>;
  /**
   * Attempts in the order in which they were first kept, also those that were kept late. An attempt that was replaced since
   * is as it is now.
   * @param after the place of the last one that is known, or 0; one that no place is at any more is taken for 0
   * @throws StoreUnavailable
   */
  arrivals(account: string, after: number, limit: number): Promise<readonly ArrivedAttempt[]>;
  /** The known sources of commands, by command id. @throws StoreUnavailable */
  sources(account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Forgets some entries that are older than a time in milliseconds since the epoch.
   * @returns whether there are more
   */
  prune(before: number): Promise<boolean>;
  close(): Promise<void>;
}
