import type { IncomingHttpHeaders } from 'node:http';
import { Rejection } from '../../domain/rejection.js';
import { reasonRule } from '../../domain/text.js';

/** Why the caller writes: the header `Muster-Reason`, ASCII in which `%` begins a percent-encoded byte of UTF-8. */
export const REASON = 'muster-reason';

/** @throws Rejection bad_reason */
export function reasonIn(headers: IncomingHttpHeaders): string | undefined {
  const sent = headers[REASON];
  if (sent === undefined) return undefined;
  const reason = typeof sent === 'string' && /^[ -~]*$/.test(sent) ? decoded(sent) : undefined;
  if (reason !== undefined && reasonRule.isKeptBy(reason)) return reason;
  const form = 'ASCII, or UTF-8 with every other byte and each % percent-encoded';
  throw new Rejection('bad_reason', `The header Muster-Reason must be ${reasonRule.requirement}; ${form}`);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
