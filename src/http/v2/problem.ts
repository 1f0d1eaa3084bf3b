import { STATUS_CODES } from 'node:http';
import type { Rejection } from '../../domain/rejection.js';
import { v2Status } from '../status.js';

/** RFC 9457 problem details, with the service's stable `code`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

export function problem({ kind, code, message }: Rejection): Problem {
  const status = v2Status[kind];
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail: message, code };
}
