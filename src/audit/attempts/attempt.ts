import type { Filter, Order } from '../audit-query.js';
import type { Entry, Subject } from '../entry.js';
import type { NamedMoment } from '../range.js';

/**
 * `refused`: a known caller may not do it. `failed`: a sign-in or key that is none, or no answer from the service.
 * `read`: an export or an access review.
 */
export const attemptOutcomes = ['refused', 'failed', 'read'] as const;

export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** Where a request came from. */
export interface Source {
  /** An IPv4 or IPv6 address. */
  readonly address: string;
  /** At most 200 characters of the header User-Agent; null without one. */
  readonly user_agent: string | null;
}

/** Something that a path names. Its name of then; null for an id that the account did not have. */
export interface AttemptSubject {
  readonly type: Subject['type'];
  readonly id: string;
  readonly name: string | null;
}

/** What was tried, and recorded nothing in the log. */
export interface Attempt {
  readonly id: string;
  /** When it was answered, ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  /** The revision of the account at that moment. */
  readonly at: number;
  readonly outcome: AttemptOutcome;
  readonly event: null;
  readonly revision: null;
  /** The method and the pattern of the path, such as `PUT /api/1.0/groups/{id}`. */
  readonly route: string;
  readonly status: number;
  /** The code of the refusal; null for a `read`. */
  readonly code: string | null;
  /** Null where nobody is known to have called. */
  readonly actor: Entry['actor'] | null;
  /** The address that a sign-in claimed; its hash where nobody of the account has it. */
  readonly claimed: { readonly email: string } | { readonly email_hash: string } | null;
  readonly credential: Entry['credential'];
  readonly subjects: readonly AttemptSubject[];
  /** How many more of the same kind came from there within the minute. */
  readonly repeated: number;
  readonly request_id: string;
  readonly source: Source;
}

/** What is asked of an account's attempts. Both ends of the range are included. */
export interface AttemptQuery {
  /** At least one. */
  readonly outcomes: readonly AttemptOutcome[];
  readonly filters: readonly Filter[];
  readonly from?: NamedMoment;
  readonly to?: NamedMoment;
  readonly order: Order;
}

/** Where an attempt stands among those of its account: by time, then revision, then id. Every {@link Attempt} is one. */
export type AttemptPlace = Pick<Attempt, 'time' | 'at' | 'id'>;

export interface AttemptPage {
  readonly attempts: readonly Attempt[];
  /** Whether there are more behind them. */
  readonly hasMore: boolean;
}

/** What the audit log asks of the attempts journal. */
export interface AttemptAnswers {
  /**
   * Attempts of an account that pass all filters, in the order of the query.
   * @param paging `limit` from 1 on, and the last attempt of the page before
   * @throws Rejection bad_request for a reversed range or one that begins in the future; unavailable; the signal's reason
   */
  page(
    account: string,
    query: AttemptQuery,
    paging: { readonly limit: number; readonly after?: AttemptPlace },
    signal?: AbortSignal,
  ): Promise<AttemptPage>;
  /**
   * Hands over every attempt of an account that passes all filters, in the order of the query.
   * @throws as {@link page}
   */
  each(
    account: string,
    query: AttemptQuery,
    take: (attempt: Attempt) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Where commands came from, by their ids, as long as that is kept. Other instances know it up to two seconds later.
   * @throws Rejection unavailable
   */
  sourcesOf(account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, Source>>;
}
