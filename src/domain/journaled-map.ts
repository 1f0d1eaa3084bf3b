import { type IndexOf, ValueIndex } from './value-index.js';
import { weightOf } from './weight.js';

/** Undo steps of the changes made since the last commit, oldest first. One journal serves all maps of an account. */
export class Journal extends Array<() => void> {
  /** About how many bytes of memory the maps take, all together. */
  bytes = 0;
}

/** What an entry takes besides its key and its value, the same in an index, and what a map takes that is not empty. */
const [ENTRY_BYTES, INDEX_BYTES, MAP_BYTES] = [48, 128, 256];

/** Undoes the newest changes until the journal is `length` steps long again. */
export function rollBack(journal: Journal, length = 0): void {
  while (journal.length > length) journal.pop()?.();
}

/** A part of an account's state that a snapshot can hold, as items of plain JSON. */
export interface SnapshotPart {
  /** The items; nothing may change before the last one is taken. */
  save(): Iterable<unknown>;
  /** Puts an item back, without a way to undo it. @param share gives the one copy of an id that all parts keep */
  fill(item: unknown, share: (id: string) => string): void;
}

const none: readonly never[] = [];

/** A map that notes in a journal how to undo each change. Its indexes follow its values. */
export class JournaledMap<V, Index extends string = never> implements SnapshotPart {
  private entries = new Map<string, V>();
  private readonly indexes: readonly ValueIndex<V>[];
  /** What it takes of the bytes of the journal. */
  private bytes = 0;

  /** @param indexes what a value is looked up by, by the name of the index */
  constructor(
    readonly journal: Journal,
    indexes?: Readonly<Record<Index, IndexOf<V>>>,
  ) {
    const entries = Object.entries<IndexOf<V>>(indexes ?? {});
    this.indexes = entries.length > 0 ? entries.map(([name, of]) => new ValueIndex(name, of)) : none;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): V | undefined {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** The key of a value with this text in an index, the least of several. */
  find(index: Index, text: string): string | undefined {
    return this.indexes.find(({ name }) => name === index)?.find(text);
  }

  /** Whether another key than this one has the text. */
  hasOther(index: Index, text: string, key: string): boolean {
    return this.indexes.find(({ name }) => name === index)?.hasOther(text, key) ?? false;
  }

  keys(): IterableIterator<string> {
    return this.entries.keys();
  }

  values(): IterableIterator<V> {
    return this.entries.values();
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.entries[Symbol.iterator]();
  }

  set(key: string, value: V): void {
    const before = this.entries.get(key);
    this.journal.push(() => this.put(key, before));
    this.put(key, value);
  }

  delete(key: string): void {
    const before = this.entries.get(key);
    if (before === undefined) return;
    this.journal.push(() => this.put(key, before));
    this.put(key, undefined);
  }

  /** Sets a value, or deletes where the value is undefined. */
  replace(key: string, value: V | undefined): void {
    if (value === undefined) this.delete(key);
    else this.set(key, value);
  }

  /** Deletes all entries in one step. @throws Error for a map with indexes */
  clear(): void {
    if (this.indexes.length > 0) throw new Error('A map with indexes cannot be cleared at once');
    const { entries, bytes } = this;
    this.journal.push(() => {
      this.entries = entries;
      this.gain(bytes);
    });
    this.entries = new Map();
    this.gain(-bytes);
  }

  save(): Iterable<unknown> {
    return this.entries;
  }

  fill(item: unknown, share: (id: string) => string): void {
    // A snapshot gives back what was saved: its checksum was right.
    const [key, value] = item as [string, V];
    this.put(share(key), value);
  }

  /** Sets a value, or deletes where it is undefined, without a way to undo it. */
  put(key: string, value: V | undefined): void {
    const before = this.entries.get(key);
    for (const index of this.indexes) index.move(key, before, value);
    this.gain(this.weigh(key, value) - this.weigh(key, before));
    if (value === undefined) this.entries.delete(key);
    else this.entries.set(key, value);
    if (before === undefined && this.size === 1) this.gain(MAP_BYTES);
    if (before !== undefined && this.size === 0) this.gain(-MAP_BYTES);
  }

  /** A map in the map has what it takes in its own account. */
  private weigh(key: string, value: V | undefined): number {
    if (value === undefined) return 0;
    const content = value instanceof JournaledMap ? value.bytes : weightOf(value);
    return ENTRY_BYTES + INDEX_BYTES * this.indexes.length + weightOf(key) + content;
  }

  private gain(bytes: number): void {
    this.bytes += bytes;
    this.journal.bytes += bytes;
  }
}
