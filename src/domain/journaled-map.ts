/** Undo steps of the changes made since the last commit, oldest first. One journal serves all maps of an account. */
export type Journal = (() => void)[];

/** Undoes the newest changes until the journal is `length` steps long again. */
export function rollBack(journal: Journal, length = 0): void {
  while (journal.length > length) journal.pop()?.();
}

/** A map that writes down in a journal how to undo each change. */
export class JournaledMap<V> {
  private readonly entries = new Map<string, V>();

  constructor(private readonly journal: Journal) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): V | undefined {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
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
    this.journal.push(
      before === undefined ? () => this.entries.delete(key) : () => this.entries.set(key, before),
    );
    this.entries.set(key, value);
  }

  /** Sets without a way back: for filling a new map, before anything else happens to it. */
  fill(key: string, value: V): void {
    this.entries.set(key, value);
  }

  delete(key: string): void {
    const before = this.entries.get(key);
    if (before === undefined) return;
    this.journal.push(() => this.entries.set(key, before));
    this.entries.delete(key);
  }
}
