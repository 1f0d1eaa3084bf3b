import type { Event } from './event.js';

/** A user of an account, wherever it is named. */
export interface UserOf {
  readonly user_id: string;
  readonly account: string;
}

/**
 * Who acts by the key is the user; it holds no more than each of `limited_by` holds as well, when it is used:
 * whoever made it for somebody else, and whoever limited the key that it was made by.
 */
export type ApiKeyIssued = Event<
  'ApiKeyIssued',
  {
    user_id: string;
    key_id: string;
    name: string;
    key_hash: string;
    /** Id of the user who made it; null when the operator or the service did. */
    issued_by: string | null;
    limited_by: readonly UserOf[];
  }
>;

/** An API key of a user, by which its state knows it. */
export interface ApiKey {
  readonly id: string;
  readonly limited_by: readonly UserOf[];
}

// Most keys share this one.
const nobody: readonly UserOf[] = [];

export function issuedKey({ key_id, limited_by }: ApiKeyIssued['data']): ApiKey {
  return { id: key_id, limited_by: limited_by.length === 0 ? nobody : limited_by };
}

/**
 * By whom a new key is limited.
 * @param senders who makes it, and whoever limits the key that it is made by
 */
export function limitsOf(owner: string, senders: readonly UserOf[]): readonly UserOf[] {
  const others = senders.filter(({ user_id }) => user_id !== owner);
  return [...new Map(others.map((other) => [other.user_id, other])).values()];
}
