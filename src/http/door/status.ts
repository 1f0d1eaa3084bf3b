import type { RejectionKind } from '../../domain/rejection.js';

/** The HTTP status of each kind of refusal, where an API does not say otherwise. */
export const status: Readonly<Record<RejectionKind, number>> = {
  unauthenticated: 401,
  denied: 403,
  escalation: 403,
  invalid: 400,
  too_large: 413,
  unsupported: 415,
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  expired: 410,
  limited: 429,
  unavailable: 503,
  broken: 503,
  internal: 500,
};
