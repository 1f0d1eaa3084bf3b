import { type Journal, JournaledMap, type SnapshotPart } from './journaled-map.js';

/** So many pairs make one item of a snapshot. */
const PAIRS_AN_ITEM = 1000;

/** An item of a snapshot: the id of an other, which gets the next number; or the numbers of a subject's others with one value. */
type Item<V> = string | readonly [subject: string, value: V, others: readonly number[]];

/**
 * A many-to-many relation between subjects (users or clients) and others. Both ends are indexed, so one more pair costs the
 * same however many there are. What is in no pair has no entry: pairs that have come and gone leave nothing behind.
 */
export class Relation<V> implements SnapshotPart {
  readonly bySubject = new Map<string, JournaledMap<V>>();
  readonly byOther = new Map<string, JournaledMap<V>>();
  /** For `fill`: others by number, and one value in place of many equal ones. */
  private readonly filled = { others: [] as string[], values: new Map<string, V>() };

  constructor(readonly journal: Journal) {}

  get(subject: string, other: string): V | undefined {
    return this.bySubject.get(subject)?.get(other);
  }

  set(subject: string, other: string, value: V): void {
    this.add(this.bySubject, subject, other, value);
    this.add(this.byOther, other, subject, value);
  }

  delete(subject: string, other: string): void {
    this.end(this.bySubject, subject, other);
    this.end(this.byOther, other, subject);
  }

  private add(maps: Map<string, JournaledMap<V>>, key: string, id: string, value: V): void {
    if (!maps.has(key)) this.journal.push(() => maps.delete(key));
    side(maps, key, this.journal).set(id, value);
  }

  private end(maps: Map<string, JournaledMap<V>>, key: string, id: string): void {
    const map = maps.get(key);
    map?.delete(id);
    if (map?.size !== 0) return;
    maps.delete(key);
    this.journal.push(() => maps.set(key, map));
  }

  /** Ends every pair the subject is in. */
  deleteSubject(subject: string): void {
    for (const other of [...(this.bySubject.get(subject)?.keys() ?? [])]) this.delete(subject, other);
  }

  /** Ends every pair the other is in. They may be many: on its side they go all at once. */
  deleteOther(other: string): void {
    const pairs = this.byOther.get(other);
    if (!pairs) return;
    for (const subject of pairs.keys()) this.end(this.bySubject, subject, other);
    pairs.clear();
    this.byOther.delete(other);
    this.journal.push(() => this.byOther.set(other, pairs));
  }

  *save(): Iterable<Item<V>> {
    const numbers = new Map([...this.byOther.keys()].map((other, number) => [other, number]));
    yield* numbers.keys();
    for (const [subject, others] of this.bySubject)
      for (const [value, ids] of byValue(others))
        for (let from = 0; from < ids.length; from += PAIRS_AN_ITEM)
          yield [
            subject,
            value,
            ids.slice(from, from + PAIRS_AN_ITEM).map((other) => numbers.get(other) ?? NaN),
          ];
  }

  /** @throws Error for another without a number */
  fill(item: unknown, share: (id: string) => string): void {
    // A snapshot gives back what was saved: its checksum was right.
    const saved = item as Item<V>;
    const { others, values } = this.filled;
    if (typeof saved === 'string') {
      others.push(share(saved));
      return;
    }
    const [id, saw, numbers] = saved;
    const subject = share(id);
    const key = JSON.stringify(saw);
    const value = values.get(key) ?? saw;
    values.set(key, value);
    const ofSubject = side(this.bySubject, subject, this.journal);
    for (const number of numbers) {
      const other = others[number];
      if (other === undefined) throw new Error(`There is nothing with the number ${number}`);
      ofSubject.put(other, value);
      side(this.byOther, other, this.journal).put(subject, value);
    }
  }
}

/** The others of a subject, together where their values are equal. */
function byValue<V>(others: JournaledMap<V>): Iterable<[V, string[]]> {
  const groups = new Map<string, [V, string[]]>();
  for (const [other, value] of others) {
    const key = JSON.stringify(value);
    const group = groups.get(key);
    if (group) group[1].push(other);
    else groups.set(key, [value, [other]]);
  }
  return groups.values();
}

function side<V>(maps: Map<string, JournaledMap<V>>, key: string, journal: Journal): JournaledMap<V> {
  let map = maps.get(key);
  if (!map) maps.set(key, (map = new JournaledMap(journal)));
  return map;
}
