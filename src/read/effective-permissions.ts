import { foundUser } from './found.js';
import type { Moment } from './moment.js';
import type { Page, PageRequest } from './page.js';
import { PermissionReader } from './permission-reader.js';
import { compareSources, namesIn, type SourceRow } from './permission-sources.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** The most sources that are told of one permission. */
const MOST_SOURCES = 100;

export interface PermissionSource {
  readonly type: SourceRow['type'];
  readonly id?: string;
  readonly name?: string;
}

export interface EffectivePermission {
  readonly permission: string;
  /** The first of them, {@link MOST_SOURCES} at most. */
  readonly sources: readonly PermissionSource[];
  /** How many there are, when not all of them are here. */
  readonly sources_total?: number;
}

/**
 * What a user holds, and the sources of each permission. `*` stands for all permissions.
 * @throws Rejection user_not_found, answer_too_large
 */
export class GetEffectivePermissions extends Question<Page<EffectivePermission>> {
  readonly type = 'GetEffectivePermissions';

  constructor(
    at: Moment,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

interface Source {
  readonly shown: PermissionSource;
  readonly names: readonly string[];
}

export const getEffectivePermissions = (database: ViewsDatabase) => {
  const user = foundUser(database);
  const reader = new PermissionReader(database);
  return ({ at, userId, page }: GetEffectivePermissions): Page<EffectivePermission> => {
    const sources = reader.of(at, user(at, userId).number).sort(compareSources).map(sourceOf);
    const all = new Set<string>();
    for (const { names } of sources) for (const name of names) all.add(name);
    const names = [...all].slice(page.offset, page.offset + page.limit);
    return { rows: withSources(names, sources), total: all.size };
  };
};

function sourceOf(row: SourceRow): Source {
  const { type, id, name } = row;
  return { shown: id !== null && name !== null ? { type, id, name } : { type }, names: namesIn(row) };
}

function withSources(names: readonly string[], sources: readonly Source[]): EffectivePermission[] {
  const found = new Map(names.map((name) => [name, { shown: [] as PermissionSource[], total: 0 }]));
  for (const source of sources)
    for (const name of new Set(source.names)) {
      const one = found.get(name);
      if (!one) continue;
      one.total += 1;
      if (one.shown.length < MOST_SOURCES) one.shown.push(source.shown);
    }
  return [...found].map(([permission, { shown, total }]) => ({
    ...{ permission, sources: shown },
    ...(total > shown.length ? { sources_total: total } : {}),
  }));
}
