import { JournaledMap, type SnapshotPart } from './journaled-map.js';

/** So many characters make one item of a snapshot, about. */
const ITEM_CHARACTERS = 64 * 1024;

/** Maps of texts by a key, under one journal: the inner map goes with its key in one step. */
export class NestedMap extends JournaledMap<JournaledMap<string>> implements SnapshotPart {
  /** The inner map of a key, made when there is none. */
  inner(key: string): JournaledMap<string> {
    const known = this.get(key);
    if (known) return known;
    const made = new JournaledMap<string>(this.journal);
    this.set(key, made);
    return made;
  }

  override *save(): Iterable<unknown> {
    for (const [key, inner] of this) {
      let [entries, length]: [[string, string][], number] = [[], 0];
      for (const entry of inner) {
        entries.push(entry);
        length += entry[0].length + entry[1].length;
        if (length < ITEM_CHARACTERS) continue;
        yield [key, entries];
        [entries, length] = [[], 0];
      }
      if (entries.length > 0 || inner.size === 0) yield [key, entries];
    }
  }

  override fill(item: unknown, share: (id: string) => string): void {
    const [key, entries] = item as [string, [string, string][]];
    const inner = this.get(key) ?? new JournaledMap<string>(this.journal);
    this.put(share(key), inner);
    for (const entry of entries) inner.fill(entry, share);
  }
}
