import type { AuditMoment } from '../audit-query.js';
import type { ComparedThing, Extent } from '../../read/compared-change.js';
import type { Cause } from './cause.js';

/** Something that is compared. */
export type ComparedKey = Pick<ComparedThing, 'type' | 'id'>;

/** What can be asked of an account as it was at a moment. */
export type PastQuestion = { readonly at: AuditMoment } &
  /** Of the present also when keys were used last. */
  (
    | { readonly kind: 'review'; readonly isOfPresent: boolean; readonly after?: number }
    /** What of an account was touched after the revision `from`. */
    | { readonly kind: 'touched'; readonly from: number }
    | {
        readonly kind: 'diff';
        readonly from: number;
        readonly things: readonly ComparedKey[];
        readonly extent: Extent;
      }
    | { readonly kind: 'explanation'; readonly user: string; readonly permission: string }
  );

const kinds: readonly string[] = [
  'review',
  'explanation',
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

/** Whether a user holds a permission, why, and if not, why no more. */
export interface Explanation {
  readonly permission: string;
  readonly held: boolean;
  readonly paths: readonly ExplainedPath[];
  /** The way that ended last; null while the permission is held, and when it never was. */
  readonly last: (ExplainedPath & { readonly until: Cause }) | null;
}

/** What a user holds, and by which ways: one row a permission. */
export interface ReviewRow {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    /** ISO 8601 in UTC with milliseconds; null when there was none. */
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
  /** The earliest of its sources. */
  readonly since: Cause;
}

/** Some rows of a review, and the number of the user after whom it goes on; null at its end. */
export interface ReviewStep {
  /** Each a {@link ReviewRow} as JSON. */
  readonly rows: readonly string[];
  readonly next: number | null;
}
