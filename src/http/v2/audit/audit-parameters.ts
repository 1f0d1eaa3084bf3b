import {
  type AuditPaging,
  type AuditQuery,
  type Filter,
  type FilterField,
  filterFields,
} from '../../../audit/audit-query.js';
import { categories } from '../../../domain/category.js';
import { eventNamesIn } from '../../../domain/event-names.js';
import { Rejection } from '../../../domain/rejection.js';
import { isAtMost } from '../../../domain/text.js';
import { namedMoment } from '../../wire/named-moment.js';
import { choiceOf, numberOf, type SentQuery, valueOf, valuesOf } from '../../wire/parameters.js';

const MOST_ENTRIES = 1000;

/** The parameters of an answer in pages. */
export const pagingNames = ['limit', 'cursor'];

/** @throws Rejection bad_request */
export function auditQueryIn(query: SentQuery): AuditQuery {
  const [from, to] = [valueOf(query, 'from'), valueOf(query, 'to')];
  const fold = choiceOf(query, 'fold', ['command']);
  return {
    filters: filterFields.flatMap((field) => [...filterIn(query, field, ''), ...filterIn(query, field, '!')]),
    ...(from === undefined ? {} : { from: namedMoment('from', from) }),
    ...(to === undefined ? {} : { to: namedMoment('to', to) }),
    order: choiceOf(query, 'order', ['desc', 'asc']) ?? 'desc',
    ...(fold === undefined ? {} : { fold }),
  };
}

/** @throws Rejection bad_request */
export function auditPagingIn(query: SentQuery): AuditPaging {
  const cursor = valueOf(query, 'cursor');
  return {
    limit: numberOf(query, 'limit', 1, MOST_ENTRIES) ?? 100,
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function filterIn(query: SentQuery, field: FilterField, negation: '' | '!'): Filter[] {
  const sent = valuesOf(query, `${field}${negation}`);
  if (sent.length === 0) return [];
  const values = field === 'type' ? eventNamesIn(sent.flatMap((list) => list.split(','))) : sent;
  for (const value of values) judge[field]?.(value);
  return [{ field, isNegated: negation === '!', values }];
}

const vias = ['v1', 'v2', 'scim', 'operator', 'system'];

/** What the values of some filters must be. Most others are ids; one that nobody has finds nothing. */
const judge: { readonly [Field in FilterField]?: (value: string) => void } = {
  category: (value) =>
    demand(
      categories.some((one) => one === value),
      `category must be one of ${categories.join(', ')}`,
    ),
  privileged: (value) => demand(['true', 'false'].includes(value), 'privileged must be true or false'),
  via: (value) => demand(vias.includes(value), `via must be one of ${vias.join(', ')}`),
  q: (value) =>
    demand(isAtMost(value, 200) && /[\p{L}\p{N}]/u.test(value), 'q must be words, 200 characters at most'),
};

function demand(isGood: boolean, problem: string): void {
  if (!isGood) throw new Rejection('bad_request', problem);
}
