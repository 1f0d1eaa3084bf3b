import { type AccountState, emptyAccountState, partsOf } from './account-state.js';

/** So many characters that neither writing nor reading an entry keeps others waiting: about a millisecond's work. */
const ENTRY_CHARACTERS = 64 * 1024;

/** A piece of an account's state as plain JSON. */
export interface SnapshotEntry {
  /** The name of a part of the state. */
  readonly part: string;
  readonly items: readonly unknown[];
}

/** A state whose journal is empty, in pieces; it must not change before the last one is taken. */
export function* snapshotOf(state: AccountState): Iterable<SnapshotEntry> {
  for (const [part, saved] of partsOf(state)) for (const items of pieces(saved.save())) yield { part, items };
}

function* pieces(items: Iterable<unknown>): Iterable<unknown[]> {
  let [piece, length]: [unknown[], number] = [[], 0];
  for (const item of items) {
    piece.push(item);
    length += JSON.stringify(item).length;
    if (length < ENTRY_CHARACTERS) continue;
    yield piece;
    [piece, length] = [[], 0];
  }
  if (piece.length > 0) yield piece;
}

/** A state that is made from the entries of a snapshot, all of them in their order; its journal stays empty. */
export class RestoredState {
  readonly state = emptyAccountState();
  private readonly parts = new Map(partsOf(this.state));
  private readonly ids = new Map<string, string>();

  /** @throws Error for a part that there is not, and for a pair with something that has no number */
  add({ part, items }: SnapshotEntry): void {
    const filled = this.parts.get(part);
    if (!filled) throw new Error(`There is no part ${part}`);
    for (const item of items) filled.fill(item, this.share);
  }

  /** The one copy of an id that all parts keep. */
  private readonly share = (id: string): string => {
    const known = this.ids.get(id);
    if (known !== undefined) return known;
    this.ids.set(id, id);
    return id;
  };
}
