import { createHash } from 'node:crypto';
import { bad, isObject } from './entities.js';

const USUAL_LIMIT = 100;
const MOST_ROWS = 1_000;

/** Where a page of a search begins. Section "Pagination". */
export interface PageStart {
  readonly limit: number;
  /** What the page before ended with: a number that rows are in the order of; 0 for the first page. */
  readonly after: number;
  /** The revision at which the first page was answered; undefined for that one. */
  readonly revision: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the part `page` of a search. A token belongs to its search, its account and its limit.
 * @throws Rejection bad_request
 */
export function pageStartOf({ page = {} }: Fields, search: readonly string[]): PageStart {
  if (!isObject(page)) throw bad('page must be an object');
  const { token, limit } = page;
  if (limit !== undefined && !isLimit(limit)) throw bad('page.limit must be a whole number from 0');
  const asked = limit === undefined ? undefined : Math.min(limit, MOST_ROWS);
  if (token === undefined || token === '')
    return { limit: asked ?? USUAL_LIMIT, after: 0, revision: undefined };
  const start = typeof token === 'string' ? startIn(token, digestOf(search)) : undefined;
  if (!start || (asked !== undefined && asked !== start.limit))
    throw bad('page.token belongs to another search: send the same search and limit that it was answered to');
  return start;
}

/** The text that names the start of a page: opaque for callers. */
export function tokenOf({ limit, after, revision }: PageStart, search: readonly string[]): string {
  return Buffer.from(JSON.stringify([limit, after, revision, digestOf(search)])).toString('base64url');
}

function startIn(token: string, digest: string): PageStart | undefined {
  const parts = partsOf(Buffer.from(token, 'base64url').toString());
  if (!Array.isArray(parts)) return undefined;
  const [limit, after, revision, of] = parts as readonly unknown[];
  if (!isLimit(limit) || !isLimit(after) || !isLimit(revision) || of !== digest) return undefined;
  return { limit, after, revision };
}

function partsOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isLimit(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function digestOf(search: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 22);
}
