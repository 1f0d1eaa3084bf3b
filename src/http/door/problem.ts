import { STATUS_CODES } from 'node:http';
import type { Rejection, Resume } from '../../domain/rejection.js';
import type { ErrorForm } from './api.js';
import { status as statusOf } from './status.js';

/** RFC 9457 problem details, with the service's stable `code`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Revisions of the events that are in the way. */
  readonly because?: readonly number[];
  /** Where a reader with an expired cursor goes on. */
  readonly resume?: Resume;
}

/** Refusals as problem details. */
export function problemsWith(statusOf: ErrorForm['statusOf']): ErrorForm {
  return {
    statusOf,
    bodyOf: ({ kind, code, message, because, resume }: Rejection): Problem => {
      const status = statusOf[kind];
      return {
        type: 'about:blank',
        title: STATUS_CODES[status] ?? 'Error',
        status,
        detail: message,
        code,
        ...(because && { because }),
        ...(resume && { resume }),
      };
    },
    errorType: 'application/problem+json',
    challenge: 'Bearer',
  };
}

/** The form of refusals where no API has one of its own. */
export const problems = problemsWith(statusOf);
