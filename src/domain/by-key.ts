/** The entries in the order of their keys: that of a map depends on what was undone in it. */
export function byKey<V>(entries: Iterable<readonly [string, V]>): (readonly [string, V])[] {
  return [...entries].sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
}
