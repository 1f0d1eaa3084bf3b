import { type Journal, JournaledMap } from './journaled-map.js';

/**
 * A many-to-many relation between subjects, which are users or clients, and something else, looked up from both ends,
 * so that one more pair costs the same however many there are.
 */
export interface Relation<V> {
  readonly journal: Journal;
  readonly bySubject: Map<string, JournaledMap<V>>;
  readonly byOther: Map<string, JournaledMap<V>>;
}

export function emptyRelation<V>(journal: Journal): Relation<V> {
  return { journal, bySubject: new Map(), byOther: new Map() };
}

export function relate<V>(relation: Relation<V>, subject: string, other: string, value: V): void {
  side(relation, relation.bySubject, subject).set(other, value);
  side(relation, relation.byOther, other).set(subject, value);
}

/** Relates a subject to others without a way back: for filling a new relation, before anything else happens to it. */
export function fillRelation<V>(
  relation: Relation<V>,
  subject: string,
  others: readonly string[],
  value: V,
): void {
  if (others.length === 0) return;
  const ofSubject = side(relation, relation.bySubject, subject);
  for (const other of others) {
    ofSubject.fill(other, value);
    side(relation, relation.byOther, other).fill(subject, value);
  }
}

export function unrelate(relation: Relation<unknown>, subject: string, other: string): void {
  relation.bySubject.get(subject)?.delete(other);
  relation.byOther.get(other)?.delete(subject);
}

/** Ends every pair the subject is in. */
export function unrelateSubject(relation: Relation<unknown>, subject: string): void {
  for (const other of [...(relation.bySubject.get(subject)?.keys() ?? [])])
    unrelate(relation, subject, other);
}

/** Ends every pair the other is in. */
export function unrelateOther(relation: Relation<unknown>, other: string): void {
  for (const subject of [...(relation.byOther.get(other)?.keys() ?? [])]) unrelate(relation, subject, other);
}

function side<V>(relation: Relation<V>, maps: Map<string, JournaledMap<V>>, key: string): JournaledMap<V> {
  let map = maps.get(key);
  if (!map) maps.set(key, (map = new JournaledMap(relation.journal)));
  return map;
}
