import type { AuditQuery } from '../audit/audit-query.js';
import { eventNames } from '../domain/event-names.js';

/** Which events of an account a subscriber wants. */
export interface FeedFilter {
  /** The names of those wanted; undefined for all. */
  readonly types?: ReadonlySet<string>;
  /** What only the audit index can tell, if that is asked; it says everything then. */
  readonly query?: AuditQuery;
}

/** Whatever can be told by the name of an event alone needs no index. */
export function feedFilter(query: AuditQuery): FeedFilter {
  const { filters, from, to } = query;
  if (from !== undefined || to !== undefined || filters.some(({ field }) => field !== 'type'))
    return { query };
  if (filters.length === 0) return {};
  const isWanted = (name: string) =>
    filters.every(({ values, isNegated }) => values.includes(name) !== isNegated);
  return { types: new Set(eventNames.filter(isWanted)) };
}
