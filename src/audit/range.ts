import { Rejection } from '../domain/rejection.js';

/** A revision, or a time in milliseconds since the epoch. */
export type NamedMoment = { readonly revision: number } | { readonly time: number };

/** What turns a time into a revision. */
export interface Timeline {
  /** The last revision. */
  readonly head: number;
  /** The time of day, in milliseconds since the epoch. */
  readonly now: number;
  /** The last revision whose running maximum of `time` is not later; -1 before the first. */
  readonly lastBy: (time: number) => number;
}

/** Revisions, both ends included; none where `to` is less than `from`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The revisions between two moments, both included. What is before the beginning means the beginning, and what is after
 * the head the head.
 * @throws Rejection bad_request when the range is reversed, or begins beyond the head
 */
export function rangeOf(
  from: NamedMoment | undefined,
  to: NamedMoment | undefined,
  timeline: Timeline,
): Range {
  const first = from === undefined ? 0 : firstOf(from, timeline);
  const last = to === undefined ? timeline.head : lastOf(to, timeline);
  if (from !== undefined && to !== undefined && isReversed(from, to, first, last))
    throw new Rejection('bad_request', '"from" is after "to"');
  return { from: first, to: Math.min(last, timeline.head) };
}

/** Times between two neighbouring events leave nothing, but are in order. */
function isReversed(from: NamedMoment, to: NamedMoment, first: number, last: number): boolean {
  if ('time' in from && 'time' in to) return from.time > to.time;
  return first > last;
}

function firstOf(from: NamedMoment, { head, now, lastBy }: Timeline): number {
  if ('time' in from) {
    const first = lastBy(from.time - 1) + 1;
    if (first > head && from.time > now) throw beyondHead('is in the future');
    return first;
  }
  if (from.revision > head) throw beyondHead(`is beyond the last revision, ${head}`);
  return from.revision;
}

function lastOf(to: NamedMoment, { lastBy }: Timeline): number {
  return 'time' in to ? lastBy(to.time) : to.revision;
}

function beyondHead(what: string): Rejection {
  return new Rejection('bad_request', `"from" ${what}`);
}
