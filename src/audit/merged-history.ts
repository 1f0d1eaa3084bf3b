import type { AuditPage, ShownEntry } from './answers.js';
import type { AuditLog } from './audit-log.js';
import type { AuditMoment, AuditPaging } from './audit-query.js';
import { historyOf, readCursor, writeCursor } from './cursor.js';
import type { Thing } from './question.js';
import { Rejection } from '../domain/rejection.js';

/** In a cursor: there is nothing more of an account. */
const END = '-';

/**
 * The history of one thing that several accounts tell of, newest first: by time, and in each account by revision.
 * @throws Rejection as {@link AuditLog}
 */
export async function mergedHistory(
  audit: AuditLog,
  accounts: readonly AuditMoment[],
  thing: Thing,
  { limit, cursor }: AuditPaging,
  signal?: AbortSignal,
): Promise<AuditPage> {
  const places = cursor === undefined ? accounts.map((at) => startOf(at, thing)) : placesIn(cursor, accounts);
  const pages = await Promise.all(
    accounts.map(async (at, index) => {
      const place = places[index] ?? END;
      return place === END ? nothing : audit.history(at, thing, { limit, cursor: place }, signal);
    }),
  );
  const taken = pages.map(() => 0);
  const entries: ShownEntry[] = [];
  const isCut = (page: AuditPage, index: number) =>
    taken[index] === page.entries.length && page.next_cursor !== null;
  // A page may have fewer entries than there is room for.
  while (entries.length < limit && !pages.some(isCut)) {
    const next = latest(pages.map((page, index) => page.entries[taken[index] ?? 0]));
    if (!next) break;
    entries.push(next.entry);
    taken[next.index] = (taken[next.index] ?? 0) + 1;
  }
  const following = accounts.map((at, index) => {
    const [page, count, place] = [pages[index] ?? nothing, taken[index] ?? 0, places[index] ?? END];
    if (count === page.entries.length) return page.next_cursor ?? END;
    const last = page.entries[count - 1];
    if (!last) return place;
    const identity = historyOf(at.account, thing);
    return writeCursor({ revision: last.revision, head: readCursor(place, identity).head }, identity);
  });
  return { entries, next_cursor: following.every((place) => place === END) ? null : following.join('.') };
}

const nothing: AuditPage = { entries: [], next_cursor: null };

function startOf({ account, revision }: AuditMoment, thing: Thing): string {
  return writeCursor({ revision: revision + 1, head: revision }, historyOf(account, thing));
}

function placesIn(cursor: string, accounts: readonly AuditMoment[]): string[] {
  const places = cursor.split('.');
  if (places.length === accounts.length) return places;
  throw new Rejection('bad_request', '"cursor" is of another query, or is none');
}

/** The entry of the latest time; of the same time the first. */
function latest(candidates: readonly (ShownEntry | undefined)[]) {
  let found: { readonly entry: ShownEntry; readonly index: number } | undefined;
  for (const [index, entry] of candidates.entries())
    if (entry && (!found || entry.time > found.entry.time)) found = { entry, index };
  return found;
}
