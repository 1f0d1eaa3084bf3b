/** What a value is looked up by besides its key; null: by nothing. */
export interface IndexOf<V> {
  (value: V): string | null;
}

/** The keys of a map's values by a text of each. */
export class ValueIndex<V> {
  /** The keys of the values with each text, sorted. */
  private readonly keys = new Map<string, readonly string[]>();

  constructor(
    readonly name: string,
    private readonly of: IndexOf<V>,
  ) {}

  find(text: string): string | undefined {
    return this.keys.get(text)?.[0];
  }

  /** Whether other keys than this one have the text, as they may by an older log. */
  hasOther(text: string, key: string): boolean {
    return this.at(text).some((one) => one !== key);
  }

  move(key: string, before: V | undefined, after: V | undefined): void {
    const from = before === undefined ? null : this.of(before);
    const to = after === undefined ? null : this.of(after);
    if (from === to) return;
    if (from !== null)
      this.put(
        from,
        this.at(from).filter((one) => one !== key),
      );
    if (to !== null) this.put(to, [...this.at(to), key].sort());
  }

  private at(text: string): readonly string[] {
    return this.keys.get(text) ?? [];
  }

  private put(text: string, keys: readonly string[]): void {
    if (keys.length > 0) this.keys.set(text, keys);
    else this.keys.delete(text);
  }
}
