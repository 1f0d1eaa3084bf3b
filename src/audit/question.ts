import type { AuditMoment, AuditPaging, AuditQuery, Statistic } from './audit-query.js';
import type { Subject } from './entry.js';

/** Something whose history may be asked for. */
export type Thing = Pick<Subject, 'type' | 'id'>;

/** Where an export goes on: the revision of its last row, or of the last one looked at. */
export interface ExportPlace {
  readonly revision: number;
}

/** Revisions that pass a query, and the last one that was looked at. */
export interface Matches {
  readonly revisions: readonly number[];
  readonly next: number;
}

/** What can be asked of the audit index. `now` is the time of day, in milliseconds since the epoch. */
export type AuditQuestion = { readonly at: AuditMoment; readonly now: number } & (
  | { readonly kind: 'page'; readonly query: AuditQuery; readonly paging: AuditPaging }
  | { readonly kind: 'entry'; readonly revision: number }
  | { readonly kind: 'history'; readonly thing: Thing; readonly paging: AuditPaging }
  | { readonly kind: 'stats'; readonly query: AuditQuery; readonly by: Statistic }
  /** Who wrote some revisions, when and why. */
  | { readonly kind: 'causes'; readonly revisions: readonly number[] }
  /** What entries after a revision are about. */
  | { readonly kind: 'subjects'; readonly after: number }
  /** The revisions after one that pass a query, in order: `limit` of them at most. */
  | { readonly kind: 'matches'; readonly query: AuditQuery; readonly after: number; readonly limit: number }
  | { readonly kind: 'export'; readonly query: AuditQuery; readonly after?: ExportPlace }
);
