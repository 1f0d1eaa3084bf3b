import type { AuditMoment } from '../audit-query.js';
import type { ComparedThing, Extent } from '../../read/compared-change.js';
import type { Cause } from './cause.js';

/** Something that is compared. */
export type ComparedKey = Pick<ComparedThing, 'type' | 'id'>;

/** What can be asked of an account as it was at a moment. */
export type PastQuestion = { readonly at: AuditMoment } &
  /** A review of the present also tells when keys were used last. */
  (
    | { readonly kind: 'review'; readonly isOfPresent: boolean; readonly after?: number }
    /** Asks what may have changed after the revision `from`. */
    | { readonly kind: 'touched'; readonly from: number }
    | {
        readonly kind: 'diff';
        readonly from: number;
        readonly things: readonly ComparedKey[];
        readonly extent: Extent;
      }
    /** Users after the one with the number `after` who hold a permission. */
    | {
        readonly kind: 'holders';
        readonly permission: string;
        readonly after: number;
        readonly limit: number;
      }
    | { readonly kind: 'explanation'; readonly user: string; readonly permission: string }
  );

const kinds: readonly string[] = [
  'review',
  'explanation',
  'holders',
  'touched',
  'diff',
] satisfies PastQuestion['kind'][];

export function isAboutPast(question: { readonly kind: string }): question is PastQuestion {
  return kinds.includes(question.kind);
}

/** A way by which a user holds a permission. */
export interface ExplainedPath {
  readonly type: 'role' | 'group' | 'individual';
  readonly id: string | null;
  readonly name: string | null;
  readonly since: Cause;
}

/** Whether a user holds a permission, and why, or why not any more. */
export interface Explanation {
  readonly permission: string;
  readonly held: boolean;
  readonly paths: readonly ExplainedPath[];
  /** The way that ended last. It is null while the permission is held, and when it never was. */
  readonly last: (ExplainedPath & { readonly until: Cause }) | null;
}

/** A permission that a user holds, and the ways by which it is held. */
export interface ReviewRow {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    /** ISO 8601 in UTC with milliseconds; null without a sign-in. */
    readonly last_sign_in: string | null;
    readonly keys: readonly {
      readonly id: string;
      readonly name: string;
      readonly created: string;
      readonly last_used: string | null;
    }[];
  };
  readonly permission: string;
  readonly sources: readonly ExplainedPath[];
  /** That of its earliest source. */
  readonly since: Cause;
}

/** Some rows of a review. It goes on after the user with the number `next`, which is null at the end. */
export interface ReviewStep {
  /** Each a {@link ReviewRow} as JSON. */
  readonly rows: readonly string[];
  readonly next: number | null;
}

/** Ids of some users who hold a permission, and the number that the list goes on after; null at its end. */
export interface HoldersStep {
  readonly users: readonly string[];
  readonly next: number | null;
}
