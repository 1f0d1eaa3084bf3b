import type { Filter, FilterField } from '../../audit/audit-query.js';
import { eventNamesIn } from '../../domain/event-names.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import { feedFilter, type FeedFilter } from '../../feed/feed-filter.js';

type Wants = Pick<WebhookFacts, 'event_types' | 'filter'>;

const known = new WeakMap<Wants, FeedFilter>();

/** What a webhook wants of the feed: its fields by and, the values of one by or. */
export function filterOf(webhook: Wants): FeedFilter {
  const filter = known.get(webhook) ?? made(webhook);
  known.set(webhook, filter);
  return filter;
}

/** What a webhook wants of attempts. They have no names, and of what only events have, they have none. */
export function attemptFiltersOf({ filter }: Pick<Wants, 'filter'>): readonly Filter[] {
  const { users, groups, roles, categories, privileged, credential_not } = filter;
  return [
    ...[any('user', users), any('group', groups), any('role', roles), any('category', categories)],
    any('privileged', privileged === undefined ? undefined : [String(privileged)]),
    ...any('credential', credential_not === undefined ? undefined : [credential_not].flat()).map((one) => ({
      ...one,
      isNegated: true,
    })),
  ].flat();
}

function made({ event_types, filter }: Wants): FeedFilter {
  const isAll = event_types.length === 0 || event_types.includes('*');
  const types = any('type', isAll ? undefined : eventNamesIn(event_types));
  return feedFilter({ filters: [...types, ...attemptFiltersOf({ filter })], order: 'asc' });
}

function any(field: FilterField, values: readonly string[] | undefined): Filter[] {
  return values === undefined || values.length === 0 ? [] : [{ field, isNegated: false, values }];
}
