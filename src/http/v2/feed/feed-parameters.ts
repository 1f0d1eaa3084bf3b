import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { eventNamesIn } from '../../../domain/event-names.js';
import { Rejection } from '../../../domain/rejection.js';
import { feedFilter, type FeedFilter } from '../../../feed/feed-filter.js';
import type { ApiRequest } from '../../door/request.js';
import {
  choiceOf,
  numberOf,
  refuseParameters,
  type SentQuery,
  valueOf,
  valuesOf,
} from '../../wire/parameters.js';
import { auditQueryIn } from '../audit/audit-parameters.js';

const MOST_EVENTS = 1000;
const LONGEST_WAIT_S = 60;
const MOST_REVISION = 999_999_999_999_999;

/** The filters of the audit log, and `types`. @throws Rejection bad_request */
export function feedFilterIn(query: SentQuery): FeedFilter {
  const { filters, ...range } = auditQueryIn({ ...query, order: 'asc' });
  const patterns = valuesOf(query, 'types').flatMap((list) => list.split(','));
  if (patterns.length === 0) return feedFilter({ filters, ...range });
  const types = { field: 'type', isNegated: false, values: eventNamesIn(patterns) } as const;
  return feedFilter({ filters: [...filters, types], ...range });
}

/** Whether all clients of the caller's company are to be included. @throws Rejection bad_request */
export function includesClients(query: SentQuery): boolean {
  return choiceOf(query, 'include_clients', ['true', 'false']) === 'true';
}

/** As {@link feedFilterIn}, for several accounts: revisions are of one alone. @throws Rejection bad_request */
export function familyFilterIn(query: SentQuery): FeedFilter {
  refuseParameters(query, ['client_id'], 'include_clients includes every client');
  const filter = feedFilterIn(query);
  for (const name of ['from', 'to'] as const) {
    const named = filter.query?.[name];
    if (named && 'revision' in named)
      throw new Rejection(
        'bad_request',
        `With include_clients "${name}" must be a time: each account has revisions of its own`,
      );
  }
  return filter;
}

/** How much a page holds, and how long it is waited for. @throws Rejection bad_request */
export function pageSizeIn(query: SentQuery): { readonly limit: number; readonly waitMs: number } {
  const limit = numberOf(query, 'limit', 1, MOST_EVENTS) ?? 100;
  return { limit, waitMs: (numberOf(query, 'wait', 0, LONGEST_WAIT_S) ?? 0) * 1000 };
}

/** A stream has neither an end nor pages. @throws Rejection bad_request */
export function refusePages(query: SentQuery): void {
  for (const name of ['limit', 'wait'])
    if (query[name] !== undefined) throw new Rejection('bad_request', `A stream takes no ${name}`);
}

/** The cursor of the last event that the caller has, as it was sent. @throws Rejection bad_request */
export function sentCursorIn({ query, headers }: ApiRequest, isStream: boolean): string | undefined {
  const last = headers['last-event-id'];
  const after = valueOf(query, 'after');
  return isStream && typeof last === 'string' && last !== '' ? last : after;
}

/** The revision that a cursor is; -1 without one. @throws Rejection bad_request for one beyond the head */
export function revisionIn(cursor: string | undefined, head: number): number {
  if (cursor === undefined) return -1;
  const revision = numberOf({ after: cursor }, 'after', 0, MOST_REVISION) ?? -1;
  if (revision <= head) return revision;
  throw new Rejection('bad_request', `after is beyond the last revision, ${head}`);
}

/** Describes what the feed takes besides the filters of the log. */
export function FeedParameters(): MethodDecorator {
  const optional = { required: false } as const;
  return applyDecorators(
    ApiQuery({
      ...{ name: 'types', ...optional, type: [String] },
      description:
        'Names of events, separated by commas; `*` at the end of one stands for any rest, as in `User*`',
    }),
    ApiQuery({
      ...{ name: 'after', ...optional, type: String },
      description: 'The `next` of the page before; from the first event if absent',
    }),
    ApiQuery({
      ...{ name: 'include_clients', ...optional, schema: { type: 'string', enum: ['true', 'false'] } },
      description:
        'Whether the events of all clients of the company are included, in the order of the whole log. The cursor is then an ' +
        'opaque text, and `from` and `to` are times. For callers who reach every client',
    }),
    ApiQuery({
      name: 'limit',
      ...optional,
      type: Number,
      description: 'Events a page, 1 to 1000; 100 if absent',
    }),
    ApiQuery({
      ...{ name: 'wait', ...optional, type: Number },
      description: 'How long to wait for an event if there is none yet, 0 to 60 seconds; 0 if absent',
    }),
    ApiHeader({
      ...{ name: 'Last-Event-ID', required: false },
      description:
        'The `id` of the last event of a stream, from which another one goes on; instead of `after`',
    }),
  );
}
