import type { RejectionKind } from '../domain/rejection.js';

/** The HTTP status of each kind of refusal. v1 says 401 for what is not allowed, as its pages do. */
export const v1Status: Record<RejectionKind, number> = {
  unauthenticated: 401,
  denied: 401,
  escalation: 403,
  invalid: 400,
  too_large: 413,
  unsupported: 400,
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  broken: 503,
  internal: 500,
};

export const v2Status: Record<RejectionKind, number> = { ...v1Status, denied: 403, unsupported: 415 };
