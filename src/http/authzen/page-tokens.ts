import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { opaqueText, partsOfOpaque } from '../../application/opaque-text.js';
import { Views } from '../../read/views.js';
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

/** The tokens that name the starts of pages. Only this service makes one that holds: it opens a past moment. */
@Injectable()
export class PageTokens {
  constructor(private readonly views: Views) {}

  /**
   * Reads the part `page` of a search. A token belongs to its search, its account and its limit.
   * @throws Rejection bad_request
   */
  startOf({ page = {} }: Fields, search: readonly string[]): PageStart {
    if (!isObject(page)) throw bad('page must be an object');
    const { token, limit } = page;
    if (limit !== undefined && !isCount(limit)) throw bad('page.limit must be a whole number from 0');
    const asked = limit === undefined ? undefined : Math.min(limit, MOST_ROWS);
    if (token === undefined || token === '')
      return { limit: asked ?? USUAL_LIMIT, after: 0, revision: undefined };
    const start = typeof token === 'string' ? this.startIn(token, search) : undefined;
    if (!start || (asked !== undefined && asked !== start.limit))
      throw bad(
        'page.token belongs to another search: send the same search and limit that it was answered to',
      );
    return start;
  }

  /** Opaque for callers. */
  tokenOf({ limit, after, revision }: PageStart, search: readonly string[]): string {
    const place = [limit, after, revision];
    return opaqueText([...place, this.seal(place, search)]);
  }

  private startIn(token: string, search: readonly string[]): PageStart | undefined {
    const [limit, after, revision, seal] = partsOfOpaque(token);
    if (!isCount(limit) || !isCount(after) || !isCount(revision)) return undefined;
    return seal === this.seal([limit, after, revision], search) ? { limit, after, revision } : undefined;
  }

  /** The same on every instance of the same log. Callers do not learn the id of the log. */
  private seal(place: readonly (number | undefined)[], search: readonly string[]): string {
    const key = `pages ${this.views.checkpoints.logId ?? ''}`;
    return createHmac('sha256', key)
      .update(JSON.stringify([place, search]))
      .digest('base64url');
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
