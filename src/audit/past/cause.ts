import type { Entry } from '../entry.js';

/** The event by which something came to be as it is. */
export interface Cause {
  readonly revision: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  readonly by: Entry['actor'];
  readonly reason: string | null;
}

/** Causes by their revisions. */
export type Causes = ReadonlyMap<number, Cause>;

/** Looks up the causes of some revisions. */
export type FindCauses = (revisions: Iterable<number>) => Promise<Causes>;

/** @throws Error for a revision that was not looked up */
export function causeIn(causes: Causes, revision: number): Cause {
  const cause = causes.get(revision);
  if (!cause) throw new Error(`The audit index has no entry of revision ${revision}`);
  return cause;
}
