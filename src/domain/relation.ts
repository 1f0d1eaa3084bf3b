import { type Journal, JournaledMap } from './journaled-map.js';

/**
 * A many-to-many relation between users and something else, looked up from both ends,
 * so that one more pair costs the same however many there are.
 */
export interface Relation<V> {
  readonly journal: Journal;
  readonly byUser: Map<string, JournaledMap<V>>;
  readonly byOther: Map<string, JournaledMap<V>>;
}

export function emptyRelation<V>(journal: Journal): Relation<V> {
  return { journal, byUser: new Map(), byOther: new Map() };
}

export function relate<V>(relation: Relation<V>, user: string, other: string, value: V): void {
  side(relation, relation.byUser, user).set(other, value);
  side(relation, relation.byOther, other).set(user, value);
}

/** Relates a user to others without a way back: for filling a new relation, before anything else happens to it. */
export function fillRelation<V>(
  relation: Relation<V>,
  user: string,
  others: readonly string[],
  value: V,
): void {
  if (others.length === 0) return;
  const ofUser = side(relation, relation.byUser, user);
  for (const other of others) {
    ofUser.fill(other, value);
    side(relation, relation.byOther, other).fill(user, value);
  }
}

export function unrelate(relation: Relation<unknown>, user: string, other: string): void {
  relation.byUser.get(user)?.delete(other);
  relation.byOther.get(other)?.delete(user);
}

/** Ends every pair the user is in. */
export function unrelateUser(relation: Relation<unknown>, user: string): void {
  for (const other of [...(relation.byUser.get(user)?.keys() ?? [])]) unrelate(relation, user, other);
}

/** Ends every pair the other is in. */
export function unrelateOther(relation: Relation<unknown>, other: string): void {
  for (const user of [...(relation.byOther.get(other)?.keys() ?? [])]) unrelate(relation, user, other);
}

function side<V>(relation: Relation<V>, maps: Map<string, JournaledMap<V>>, key: string): JournaledMap<V> {
  let map = maps.get(key);
  if (!map) maps.set(key, (map = new JournaledMap(relation.journal)));
  return map;
}
