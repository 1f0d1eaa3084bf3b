import fc from 'fast-check';
import type { ShownEntry } from '../../src/audit/answers.js';
import type { AuditQuery, Filter, FilterField } from '../../src/audit/audit-query.js';
import { wordsOf } from '../../src/audit/index/words.js';
import { groupIds, userIds } from './busy-account.js';

/** What the index should find, by looking at every entry. @param all in the order of the log */
export function entriesWanted(
  all: readonly ShownEntry[],
  { filters, order, from, to }: AuditQuery,
): ShownEntry[] {
  const bounds = [from, to].map((bound) => (bound && 'revision' in bound ? bound.revision : undefined));
  const found = all.filter(
    (entry) =>
      filters.every((one) => isWanted(entry, one)) &&
      entry.revision >= (bounds[0] ?? 0) &&
      entry.revision <= (bounds[1] ?? Infinity),
  );
  return order === 'asc' ? found : found.reverse();
}

function isWanted(entry: ShownEntry, { field, isNegated, values }: Filter): boolean {
  return values.some((value) => matches(entry, field, value)) !== isNegated;
}

export function matches(entry: ShownEntry, field: FilterField, value: string): boolean {
  const { actor, subjects, credential } = entry;
  switch (field) {
    case 'actor':
      return (actor.id ?? actor.kind) === value;
    case 'subject':
      return subjects.some(({ id }) => id === value);
    case 'user':
    case 'group':
    case 'role':
      return subjects.some(({ type, id }) => type === field && id === value);
    case 'type':
      return entry.event === value;
    case 'privileged':
      return String(entry.privileged) === value;
    case 'credential':
      return credential?.id === value || credential?.kind === value;
    case 'q': {
      const texts = [entry.summary, actor.name, entry.reason ?? '', ...subjects.map(({ name }) => name)];
      const words = texts.flatMap(wordsOf);
      return wordsOf(value).every((wanted) => words.some((word) => word.startsWith(wanted)));
    }
    default:
      return entry[field] === value;
  }
}

const values: Record<FilterField, readonly string[]> = {
  actor: [...userIds.slice(0, 4), 'operator', 'nobody'],
  subject: [...userIds.slice(0, 3), ...groupIds, 'nobody'],
  user: [...userIds.slice(0, 3), 'group-1'],
  group: [...groupIds, 'user-1'],
  role: ['user-1'],
  type: ['UserRenamed', 'UserAddedToGroup', 'GroupCreated', 'UserDeleted'],
  category: ['create', 'update', 'membership'],
  privileged: ['true', 'false'],
  via: ['v1', 'v2'],
  credential: ['none', 'api_key'],
  command_id: ['none'],
  request_id: ['request-5', 'request-1500', 'request-2999', 'none'],
  q: [
    'ada',
    'adal',
    'JOSE',
    'jon',
    'jona',
    'angstrom',
    'ticket 4711',
    'mull left',
    'team group',
    'u',
    'us',
    'userre',
    'x',
  ],
};

const filter = fc.constantFrom(...(Object.keys(values) as FilterField[])).chain((field) =>
  fc.record({
    field: fc.constant(field),
    isNegated: fc.boolean(),
    values: fc.array(fc.constantFrom(...values[field]), { minLength: 1, maxLength: 3 }),
  }),
);
const ranges = (count: number) =>
  fc.option(
    fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).map(([one, other]) => ({
      from: { revision: Math.min(one, other) },
      to: { revision: Math.max(one, other) },
    })),
    { nil: {} },
  );
/** Queries of a busy account of so many events. */
export const queries = (count: number): fc.Arbitrary<AuditQuery> =>
  fc
    .tuple(
      fc.array(filter, { maxLength: 3 }),
      ranges(count),
      fc.constantFrom('asc' as const, 'desc' as const),
    )
    .map(([filters, bounds, order]) => ({ filters, order, ...bounds }));
