import type { Rejection } from '../../domain/rejection.js';
import type { Page } from '../../read/page.js';
import { status } from '../door/status.js';

/** v1 says 401 for what is not allowed, as its pages do. */
export const statusOf = { ...status, denied: 401, unsupported: 400 };

interface Meta {
  readonly status: number;
  readonly success: true;
  readonly location?: string;
  /** Rows on this page. */
  readonly count?: number;
  /** Rows of the whole list. */
  readonly total?: number;
}

/** What every v1 success looks like: `meta`, and `data` where the page of the endpoint shows it. */
export interface Success {
  readonly meta: Meta;
  readonly data?: object;
}

export interface Failure {
  readonly meta: {
    readonly status: number;
    readonly success: false;
    readonly error_code: string;
    readonly error_desc: string;
  };
}

export const done: Success = { meta: { status: 200, success: true } };

export function answer(data: object): Success {
  return { meta: { status: 200, success: true }, data };
}

/** A page of a list under its plural name. */
export function list<Row>(name: string, page: Page<Row>, show: (row: Row) => object): Success {
  const rows = page.rows.map(show);
  return {
    meta: { status: 200, success: true, count: rows.length, total: page.total },
    data: { [name]: rows },
  };
}

/**
 * A list within an answer, under its name. One that is not here as a whole says how long it is, and where the whole is.
 * @param link a path, without the API's prefix
 */
export function embedded<Row>(
  name: string,
  { rows, total }: Page<Row>,
  show: (row: Row) => unknown,
  link: string,
): object {
  const cut = total > rows.length ? { [`${name}_total`]: total, [`${name}_link`]: link } : {};
  return { [name]: rows.map(show), ...cut };
}

/** How embedded lists are cut, to stand in a description. */
export const cutNote =
  'A list within it has 10,000 rows at most where the operator sets no other limit, all of them together ten times as ' +
  'many; one that has more, or finds less room, is cut, and `<list>_total` and `<list>_link` say how long it is and ' +
  'where to read it by the page.';

/** How a list looks, by one of its rows. */
export function listExample(name: string, row: object): Success {
  return list(name, { rows: [row], total: 1 }, (one) => one);
}

/** The answer to what is done by its name. */
export function requested(op_requested: string): Success {
  return answer({ op_requested });
}

/** @param location path of the new thing, without the API's prefix */
export function created(location: string): Success {
  return { meta: { status: 201, success: true, location } };
}

export function failure({ kind, code, message }: Rejection): Failure {
  return { meta: { status: statusOf[kind], success: false, error_code: code, error_desc: message } };
}
