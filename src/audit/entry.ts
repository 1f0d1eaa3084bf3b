import type { Category } from '../domain/category.js';

/** Something that an entry is about, with its name of then. */
export interface Subject {
  readonly type: 'user' | 'group' | 'role' | 'client' | 'account' | 'webhook';
  readonly id: string;
  readonly name: string;
}

/** A field before and after an event, in the API's names. */
export interface Change {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Index in `subjects` of the thing that changed; null where the change is of all of them. Answers do not have it. */
  readonly of: number | null;
}

/** What an event of an account tells a reader of its audit log. Names are those of that moment. */
export interface Entry {
  readonly revision: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  /** The type of the event. */
  readonly event: string;
  /** One English sentence. */
  readonly summary: string;
  readonly actor: {
    readonly kind: 'user' | 'operator' | 'system';
    /** Null for the operator and the system. */
    readonly id: string | null;
    readonly name: string;
  };
  /** Null for events that say nothing of it: those of version 1 of the metadata. */
  readonly credential: {
    readonly kind: string;
    readonly id: string | null;
    readonly name: string | null;
  } | null;
  readonly via: string;
  readonly request_id: string;
  readonly command_id: string;
  readonly reason: string | null;
  readonly category: Category;
  /** Whether the event gives or takes what only Admins hold. */
  readonly privileged: boolean;
  /** All subjects. Answers show the first thousand. */
  readonly subjects: readonly Subject[];
  readonly changes: readonly Change[];
  /** The revision of the event that a revert undoes. */
  readonly caused_by: number | null;
}

/** Names that the logs of other accounts tell. */
export interface ForeignNames {
  /**
   * The name of something in another account. A user or key is named as of a revision of that account, which stands with
   * the actor. An account is named as of a time.
   * @returns undefined when that account's log does not tell it, or cannot be read
   */
  nameOf(account: string, type: NamedType, id: string, at: NameMoment): string | undefined;
}

export type NamedType = 'user' | 'key' | 'account';

/** A revision of the other account, or a time in ISO 8601. */
export type NameMoment = { readonly revision: number } | { readonly time: string };
