/** Where an attempt stands among those of its account: by time, then revision, then id. */
export interface AttemptKey {
  /** In milliseconds since the epoch. */
  readonly time: number;
  /** The revision of the account at that time. */
  readonly at: number;
  /** Tells it from all others. */
  readonly id: string;
}

/** What was tried, as it is kept. The same key again stands in its place. */
export interface KeptAttempt extends AttemptKey {
  /** JSON. */
  readonly data: string;
}

/** Where a command came from, as it is kept. */
export interface KeptWrite {
  readonly commandId: string;
  /** In milliseconds since the epoch. */
  readonly time: number;
  /** JSON, the same for the same source. */
  readonly source: string;
}

export interface AttemptBatch {
  readonly attempts: readonly KeptAttempt[];
  readonly writes: readonly KeptWrite[];
}

/** Which attempts of an account are read, and in which order. Both ends of both ranges are included. */
export interface AttemptRange {
  readonly order: 'asc' | 'desc';
  /** In milliseconds since the epoch. */
  readonly times: readonly [from: number, to: number];
  readonly revisions: readonly [from: number, to: number];
  /** Only what comes behind this one in that order. */
  readonly after?: AttemptKey | undefined;
}

/**
 * Keeps for a number of days what was tried in each account, and where its commands came from. It is beside the log:
 * not in its order, its hash or its copies. Any instance reads what all have kept.
 */
export interface AttemptLog {
  /**
   * Keeps a batch of one account. The very same batch again changes nothing, whatever became of it before.
   * @throws StoreUnavailable when the outcome is unknown or nothing can be written for now
   * @throws StoreUnusable when the store does not let this service write there; the message says what to do
   */
  append(account: string, batch: AttemptBatch): Promise<void>;
  /** Attempts in pages, none of them empty. @throws StoreUnavailable */
  read(account: string, range: AttemptRange): AsyncIterable<readonly KeptAttempt[]>;
  /** The sources of commands that are known, by command id. @throws StoreUnavailable */
  sources(account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Forgets some of what is older than a time, in milliseconds since the epoch. @returns whether there is more */
  prune(before: number): Promise<boolean>;
  close(): Promise<void>;
}
