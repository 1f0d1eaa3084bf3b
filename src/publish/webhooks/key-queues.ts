/** Something that waits its turn in a queue for each of its keys. */
interface Keyed {
  readonly id: string;
  readonly keys: readonly string[];
}

/** Queues by key. An item is first when it stands at the head of all its queues; one without keys always is. */
export class KeyQueues<Item extends Keyed> {
  private readonly queues = new Map<string, Set<string>>();
  private readonly items = new Map<string, Item>();

  /** @param keysOf the keys that count, for the same item always the same */
  constructor(private readonly keysOf: (item: Item) => readonly string[]) {}

  add(item: Item): void {
    this.items.set(item.id, item);
    for (const key of this.keysOf(item)) {
      const queue = this.queues.get(key) ?? new Set();
      this.queues.set(key, queue.add(item.id));
    }
  }

  isFirst(item: Item): boolean {
    return this.keysOf(item).every((key) => this.queues.get(key)?.values().next().value === item.id);
  }

  /** Removes an item. @returns the items that are first because of it */
  remove(item: Item): Item[] {
    this.items.delete(item.id);
    const freed = new Set<Item>();
    for (const key of this.keysOf(item)) {
      const queue = this.queues.get(key);
      queue?.delete(item.id);
      const [head] = queue ?? [];
      if (head === undefined) this.queues.delete(key);
      const next = head === undefined ? undefined : this.items.get(head);
      if (next) freed.add(next);
    }
    return [...freed].filter((next) => this.isFirst(next));
  }
}
