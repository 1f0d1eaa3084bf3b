import { createHash } from 'node:crypto';
import { opaqueText, partsOfOpaque } from '../application/opaque-text.js';
import { Rejection } from '../domain/rejection.js';
import type { Thing } from './question.js';

/** Where a page has ended. */
export interface CursorPlace {
  /** The revision of the last row, or the first one of its command. */
  readonly revision: number;
  /** The revision of the account when the walk began: a descending walk shows nothing later. */
  readonly head: number;
}

/**
 * A cursor for the next page of one question.
 * @param question whatever the answer depends on besides the cursor and the length of a page, as JSON
 */
export function writeCursor({ revision, head }: CursorPlace, question: unknown): string {
  return opaqueText([revision, head, checkOf(question, revision, head)]);
}

/** @throws Rejection bad_request for a cursor of another question, and for what is none */
export function readCursor(cursor: string, question: unknown): CursorPlace {
  const [revision, head, check] = partsOfOpaque(cursor);
  if (isRevision(revision) && isRevision(head) && check === checkOf(question, revision, head))
    return { revision, head };
  throw foreignCursor();
}

function foreignCursor(): Rejection {
  return new Rejection('bad_request', '"cursor" is of another query, order or account, or is none');
}

/** A cursor that names any place in the answer to one question. */
export function sealed(place: unknown, question: unknown): string {
  return opaqueText([place, hashOf([question, place])]);
}

/** @throws Rejection bad_request for a cursor of another question, and for what is none */
export function unsealed<Place>(
  cursor: string,
  question: unknown,
  isPlace: (value: unknown) => value is Place,
): Place {
  const [place, hash] = partsOfOpaque(cursor);
  if (isPlace(place) && hash === hashOf([question, place])) return place;
  throw foreignCursor();
}

/** What a cursor of a history belongs to. */
export function historyOf(account: string, { type, id }: Thing): unknown {
  return [account, 'history', type, id];
}

export function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function checkOf(question: unknown, revision: number, head: number): string {
  return hashOf([question, revision, head]);
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
