import type { AuditCount } from './answers.js';
import type { Statistic } from './audit-query.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The epoch was a Thursday, and weeks begin on Monday. */
const MONDAY_MS = 4 * DAY_MS;

const lengths: { readonly [By in Statistic]?: number } = { hour: HOUR_MS, day: DAY_MS, week: WEEK_MS };

/** The length of the spans of time to count by, in milliseconds; undefined for what is no span of time. */
export function spanOf(by: Statistic): number | undefined {
  return lengths[by];
}

/** The start in UTC of the span that a time lies in. Both are in milliseconds since the epoch. */
export function startOf(time: number, span: number): number {
  const offset = span === WEEK_MS ? MONDAY_MS : 0;
  return Math.floor((time - offset) / span) * span + offset;
}

/** Counts in the order of answers: spans of time ascending, others by count descending. */
export function inOrder(counts: readonly AuditCount[], by: Statistic): AuditCount[] {
  const byKey = (one: AuditCount, other: AuditCount) => (one.key < other.key ? -1 : 1);
  if (spanOf(by) !== undefined) return [...counts].sort(byKey);
  return [...counts].sort((one, other) => other.count - one.count || byKey(one, other));
}
