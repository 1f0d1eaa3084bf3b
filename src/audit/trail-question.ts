import { Rejection } from '../domain/rejection.js';
import { attemptOutcomes } from './attempts/attempt.js';
import type { AuditLog } from './audit-log.js';
import type { AuditMoment, AuditQuery } from './audit-query.js';

export const outcomes = ['succeeded', ...attemptOutcomes, 'any'] as const;
export type Outcome = (typeof outcomes)[number];

/** What is asked of the trail of an account. */
export interface TrailQuestion {
  readonly at: AuditMoment;
  readonly outcome: Outcome;
  /** Folding makes one row of a command; each attempt is a row of its own anyway. */
  readonly query: AuditQuery;
}

/** The outcomes of attempts that are asked for. */
export function attemptsIn(outcome: Outcome) {
  return attemptOutcomes.filter((one) => outcome === 'any' || one === outcome);
}

/**
 * Refuses a range of attempts that is reversed or begins beyond the last revision.
 * @throws Rejection bad_request, and as {@link AuditLog}
 */
export async function requireRange(
  audit: AuditLog,
  { at, query: { from, to, order } }: TrailQuestion,
  signal?: AbortSignal,
): Promise<void> {
  // The log knows the times of its revisions, so it compares a time and a revision.
  if (from && to && 'time' in from !== 'time' in to)
    await audit.page(at, { filters: [], from, to, order }, { limit: 1 }, signal);
  if (from && 'revision' in from && from.revision > at.revision)
    throw new Rejection('bad_request', `"from" is beyond the last revision, ${at.revision}`);
}
