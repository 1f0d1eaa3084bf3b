import { Rejection } from '../domain/rejection.js';

/** What the caller hears of a failure that is not a refusal. */
export function unavailable(error: unknown): Rejection {
  const rejection = new Rejection('unavailable');
  rejection.cause = error;
  return rejection;
}
