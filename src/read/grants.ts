import { LRUCache } from 'lru-cache';
import { EVERYTHING } from '../domain/permissions.js';
import { only, type Statement } from '../event-store/sqlite.js';
import { past } from './at.js';
import {
  compareSources,
  requireReadable,
  sizeOfSources,
  type SourceRow,
  type SourcesSize,
} from './permission-sources.js';
import { common, joined, type Span } from './spans.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** Reads the views, on the main thread or another. */
export type Reader = Pick<ViewsDatabase, 'prepare'>;

/** A way by which a user holds a permission. Without a break it holds since revision `since`. */
export interface Path {
  readonly type: SourceRow['type'];
  readonly id: string | null;
  readonly name: string | null;
  readonly since: number;
}

/** A way that ended at a revision. */
export interface EndedPath extends Path {
  readonly until: number;
}

/** A source of permissions, as it was from one revision until before another. Its permissions are read when they are needed. */
interface Version extends Span {
  readonly name: string | null;
}

interface Source {
  readonly name: string | null;
  /** For each permission, the revision since which the source gives it without a break. */
  readonly since: ReadonlyMap<string, number>;
}

/** How many permissions of sources are kept. */
const MOST_KNOWN = 200_000;

type Link = Pick<SourceRow, 'type' | 'id' | 'number'> & { readonly since: number };

/** In a statement: the rows that held at the revision `?1` or earlier. */
const ever = (columns: string, table: string, where: string) =>
  [`until = ${NOW}`, `until < ${NOW}`]
    .map((when) => `SELECT ${columns} FROM ${table} WHERE ${where} AND ${when} AND since <= ?1`)
    .join(' UNION ALL ');

/** The ways by which the users of an account hold permissions at one revision, and held them earlier. */
export class Grants {
  private readonly links: Statement<Link>;
  private readonly earlier: Readonly<Record<'role' | 'group', Statement<{ since: number }>>>;
  private readonly linksEver: Statement<Span & { type: 'role' | 'group'; number: number; id: string }>;
  private readonly versions: Readonly<Record<SourceRow['type'], Statement<Version>>>;
  private readonly lists: Readonly<Record<SourceRow['type'], Statement<{ permissions: string }>>>;
  private readonly size: Statement<SourcesSize>;
  /** By kind and number. */
  private readonly known = new LRUCache<string, Source>({
    maxSize: MOST_KNOWN,
    sizeCalculation: ({ since }) => 1 + since.size,
  });

  constructor(
    reader: Reader,
    private readonly revision: number,
  ) {
    this.links = reader.prepare(
      `SELECT 'role' AS type, number, id, since FROM assignments JOIN entities ON number = role
         WHERE user = ?2 AND ${past('assignments')}
       UNION ALL
       SELECT 'group', number, id, memberships.since FROM memberships
         JOIN groups ON ${past.one('groups', '"group"', 'memberships."group"')}
         JOIN entities ON number = memberships."group"
         WHERE user = ?2 AND ${past('memberships')} AND permissions <> '[]'
       UNION ALL
       SELECT 'individual', user, NULL, since FROM individual_permissions
         WHERE user = ?2 AND ${past('individual_permissions')}`,
    );
    const earlier = (table: string, column: string) =>
      reader.prepare<{ since: number }>(
        `SELECT since FROM ${table} WHERE user = ? AND "${column}" = ? AND until = ? AND until < ${NOW}`,
      );
    this.earlier = { role: earlier('assignments', 'role'), group: earlier('memberships', 'group') };
    this.linksEver = reader.prepare(
      `SELECT type, number, id, since, until FROM (
         ${ever(`'role' AS type, role AS source, since, until`, 'assignments', 'user = ?2')}
         UNION ALL ${ever(`'group', "group", since, until`, 'memberships', 'user = ?2')}
       ) JOIN entities ON number = source`,
    );
    const versions = (name: string, table: string, column: string) =>
      reader.prepare<Version>(
        `${ever(`${name} AS name, since, until`, table, `"${column}" = ?2`)} ORDER BY since`,
      );
    // The views may move on in between: a version is found again by its beginning.
    const list = (table: string, column: string) =>
      reader.prepare<{ permissions: string }>(ever('permissions', table, `"${column}" = ?2 AND since = ?3`));
    this.lists = {
      role: list('roles', 'role'),
      group: list('groups', 'group'),
      individual: list('individual_permissions', 'user'),
    };
    this.size = reader.prepare(sizeOfSources(past, '?2'));
    this.versions = {
      role: versions('name', 'roles', 'role'),
      group: versions('name', 'groups', 'group'),
      individual: versions('NULL', 'individual_permissions', 'user'),
    };
  }

  /**
   * The ways to each permission that a user holds, with `*` for all.
   * @param user its number
   * @throws Rejection answer_too_large
   */
  of(user: number): ReadonlyMap<string, readonly Path[]> {
    requireReadable(this.size.get(this.revision, user));
    const found = new Map<string, Path[]>();
    for (const link of this.linksOf(user)) {
      const { type, id, number } = link;
      const { name, since } = this.source(type, number);
      const linked = this.startOf(link, user);
      for (const [permission, given] of since) {
        const path = { type, id, name, since: Math.max(linked, given) };
        const paths = found.get(permission);
        if (paths) paths.push(path);
        else found.set(permission, [path]);
      }
    }
    return found;
  }

  /**
   * The way to a permission that ended last, at or before the revision; undefined when there was none.
   * @param by the only source to look at
   */
  lastEnded(user: number, permission: string, by?: Pick<Path, 'type' | 'id'>): EndedPath | undefined {
    const links = new Map<
      string,
      { type: SourceRow['type']; number: number; id: string | null; spans: Span[] }
    >();
    for (const { type, number, id, since, until } of this.linksEver.all(this.revision, user)) {
      const link = links.get(`${type} ${number}`) ?? { type, number, id, spans: [] };
      link.spans.push({ since, until });
      links.set(`${type} ${number}`, link);
    }
    links.set('individual', {
      type: 'individual',
      number: user,
      id: null,
      spans: [{ since: 0, until: NOW }],
    });
    let last: EndedPath | undefined;
    for (const { type, number, id, spans } of links.values()) {
      if (by && (by.type !== type || by.id !== id)) continue;
      const versions = this.versionsOf(type, number);
      const giving = versions.filter((version) =>
        this.namesIn(type, number, version).some((one) => one === permission || one === EVERYTHING),
      );
      for (const { since, until } of common(joined(spans), joined(giving)))
        if (until <= this.revision && until > (last?.until ?? -1)) {
          const name = versions.find((one) => one.since < until && until <= one.until)?.name ?? null;
          last = { type, id, name, since, until };
        }
    }
    return last;
  }

  private linksOf(user: number): Link[] {
    const order = (link: Link): SourceRow => ({ ...link, name: null, permissions: '' });
    return this.links.all(this.revision, user).sort((a, b) => compareSources(order(a), order(b)));
  }

  private startOf({ type, number, since }: Link, user: number): number {
    if (type === 'individual') return 0;
    let start = since;
    for (
      let row = this.earlier[type].get(user, number, start);
      row;
      row = this.earlier[type].get(user, number, start)
    )
      start = row.since;
    return start;
  }

  private source(type: SourceRow['type'], number: number): Source {
    const key = `${type} ${number}`;
    const known = this.known.get(key);
    if (known) return known;
    const source = this.sourceOf(type, number);
    // An individual source serves one user only, so it is not kept.
    if (type !== 'individual') this.known.set(key, source);
    return source;
  }

  private versionsOf(type: SourceRow['type'], number: number): Version[] {
    return this.versions[type].all(this.revision, number);
  }

  private sourceOf(type: SourceRow['type'], number: number): Source {
    const versions = this.versionsOf(type, number);
    // The last one holds at the revision.
    let later = only(versions.at(-1));
    const { name } = later;
    const since = new Map(this.namesIn(type, number, later).map((one) => [one, later.since]));
    let held: ReadonlySet<string> = new Set(since.keys());
    // One list at a time is in memory, and only as far back as something has held without a break.
    for (const version of versions.toReversed().slice(1)) {
      if (version.until !== later.since || held.size === 0) break;
      held = new Set(this.namesIn(type, number, version).filter((one) => held.has(one)));
      for (const one of held) since.set(one, version.since);
      later = version;
    }
    return { name, since };
  }

  private namesIn(type: SourceRow['type'], number: number, { since }: Version): readonly string[] {
    return JSON.parse(only(this.lists[type].get(this.revision, number, since)).permissions) as string[];
  }
}
