import type { AuditQuery } from '../audit/audit-query.js';
import { eventCatalogue, isEventType } from '../domain/event-catalogue.js';
import { Rejection } from '../domain/rejection.js';

/** Which events of an account a subscriber wants. */
export interface FeedFilter {
  /** The names of those wanted; undefined for all. */
  readonly types?: ReadonlySet<string>;
  /** What only the audit index can tell, if that is asked; it says everything then. */
  readonly query?: AuditQuery;
}

const names = Object.keys(eventCatalogue);

/** Whatever can be told by the name of an event alone needs no index. */
export function feedFilter(query: AuditQuery): FeedFilter {
  const { filters, from, to } = query;
  if (from !== undefined || to !== undefined || filters.some(({ field }) => field !== 'type'))
    return { query };
  if (filters.length === 0) return {};
  const isWanted = (name: string) =>
    filters.every(({ values, isNegated }) => values.includes(name) !== isNegated);
  return { types: new Set(names.filter(isWanted)) };
}

/**
 * The names of events that a list means: each is a name, or a part of one with `*` in the places of the rest.
 * @throws Rejection bad_request for one that means no event
 */
export function eventNamesIn(list: readonly string[]): readonly string[] {
  return [...new Set(list.flatMap((pattern) => namesLike(pattern.trim())))];
}

function namesLike(pattern: string): readonly string[] {
  if (isEventType(pattern)) return [pattern];
  const parts = pattern.split('*').map((part) => part.replace(/\W/g, '\\$&'));
  const form = new RegExp(`^${parts.join('\\w*')}$`);
  const found = parts.length > 1 && pattern.length <= 64 ? names.filter((name) => form.test(name)) : [];
  if (found.length > 0) return found;
  throw new Rejection(
    'bad_request',
    `${JSON.stringify(pattern.slice(0, 64))} is no event; GET /api/v2/event-types lists them`,
  );
}
