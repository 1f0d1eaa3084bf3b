/** The last use of an API key. */
export interface KeyUse {
  readonly key_id: string;
  /** The user that the key is of. */
  readonly user_id: string;
  /** In milliseconds since the epoch. */
  readonly time: number;
}

/** Keys whose uses are forgotten: one key, all of a user, or all of the account. */
export type EndedKeys =
  { readonly key_id: string } | { readonly user_id: string } | { readonly account: string };

/**
 * Keeps when each API key of an account was used last. It stands beside the log and has no part in the log's order,
 * hash or copies. Any instance reads what all instances have kept.
 */
export interface KeyUses {
  /**
   * Keeps uses of one account. Of a key at most one use in 24 hours is kept, the first of them.
   * @throws StoreUnavailable when the outcome is unknown or nothing can be written for now
   * @throws StoreUnusable when the store does not let this service write there; the message says what to do
   */
  keep(account: string, uses: readonly KeyUse[]): Promise<void>;
  /** When keys were used last, in milliseconds since the epoch, by their ids. @throws as {@link keep} */
  of(account: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** @throws as {@link keep} */
  forget(account: string, ended: EndedKeys): Promise<void>;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * Whether a use is kept: a day after the last one, or where a clock that was far ahead has told of that.
 * @param last the time of the one that is kept already
 */
export function isDue({ time }: Pick<KeyUse, 'time'>, last: number | undefined): boolean {
  return last === undefined || Math.abs(time - last) >= DAY_MS;
}

export function isEnded({ key_id, user_id }: KeyUse, ended: EndedKeys): boolean {
  if ('key_id' in ended) return ended.key_id === key_id;
  return !('user_id' in ended) || ended.user_id === user_id;
}
