import type { Attempt, AttemptPlace } from './attempts/attempt.js';
import type { Order } from './audit-query.js';
import { isRevision, unsealed } from './cursor.js';
import type { DoneRow, TrailRow } from './trail-row.js';

/** The place of a walk through what was done and what was tried. A part that has no more is null. */
export interface TrailPlace {
  /** The revision of the account when the walk began. */
  readonly head: number;
  readonly done: { readonly after?: number } | null;
  readonly tried: { readonly after?: AttemptPlace } | null;
}

/**
 * The place that a cursor names, or the beginning.
 * @throws Rejection bad_request for a cursor of another question, and for what is none
 */
export function trailPlaceIn(
  cursor: string | undefined,
  question: unknown,
  beginning: TrailPlace,
): TrailPlace {
  if (cursor === undefined) return beginning;
  return unsealed(cursor, question, isPlace);
}

function isPlace(value: unknown): value is TrailPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { head, done, tried }: { head?: unknown; done?: unknown; tried?: unknown } = value;
  return isRevision(head) && isDone(done) && isTried(tried);
}

function isDone(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && (!('after' in value) || isRevision(value.after));
}

function isTried(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  if (!('after' in value)) return true;
  const { after } = value;
  if (typeof after !== 'object' || after === null) return false;
  const { time, at, id }: { time?: unknown; at?: unknown; id?: unknown } = after;
  const isTime = typeof time === 'string' && !Number.isNaN(Date.parse(time));
  return isTime && Number.isSafeInteger(at) && typeof id === 'string';
}

/**
 * The next rows of both, by time and then by revision; each of the two stays in its own order.
 * @param hasMoreDone whether more was done than is given: what was tried after all that is given has to wait then
 */
export function mergedRows(
  done: readonly DoneRow[],
  tried: readonly Attempt[],
  order: Order,
  limit: number,
  hasMoreDone = false,
): { readonly rows: TrailRow[]; readonly done: DoneRow[]; readonly tried: Attempt[] } {
  const taken = { rows: [] as TrailRow[], done: [] as DoneRow[], tried: [] as Attempt[] };
  while (taken.rows.length < limit) {
    const [entry, attempt] = [done[taken.done.length], tried[taken.tried.length]];
    if (!entry && hasMoreDone) break;
    if (entry && (!attempt || isBefore(entry, attempt) === (order === 'asc'))) {
      taken.done.push(entry);
      taken.rows.push(entry);
    } else if (attempt) {
      taken.tried.push(attempt);
      taken.rows.push(attempt);
    } else break;
  }
  return taken;
}

/** What was tried at a revision came after the event of that revision. */
function isBefore(entry: DoneRow, attempt: Attempt): boolean {
  return entry.time === attempt.time ? entry.revision <= attempt.at : entry.time < attempt.time;
}
