import { SetMetadata } from '@nestjs/common';
import { type Holdings, holds, readers } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import type { Moment } from '../../read/moment.js';

/**
 * What a route tells of the past: what there was at a moment that `as_of` may name, the same but for readers of the log
 * alone, or what is in the log.
 */
export type Past = 'as_of' | 'review' | 'log';

/** A past moment that an answer is about. */
export interface PastMoment {
  readonly moment: Moment;
  /** What clocks show in the answer, in milliseconds since the epoch. */
  readonly time: number;
}

export const PAST = 'muster:past';

/** The route tells of the past, also of closed client accounts. */
export const TellsOfPast = (past: Past) => SetMetadata(PAST, past);

/** @throws Rejection access_denied for a user that does not read the log */
export function requireReader(holdings: Holdings): void {
  if (!readers.some((permission) => holds(holdings, permission))) throw new Rejection('access_denied');
}
