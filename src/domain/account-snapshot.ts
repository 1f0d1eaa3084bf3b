import { type AccountState, emptyAccountState, partsOf } from './account-state.js';

/** Writing or reading so many characters takes about a millisecond: no other request waits for longer. */
const ENTRY_CHARACTERS = 64 * 1024;

/** A piece of an account's state as plain JSON. */
export interface SnapshotEntry {
  /** The name of a part of the state. */
  readonly part: string;
  readonly items: readonly unknown[];
}

/** The pieces of a state whose journal is empty. The state must not change before the last piece is taken. */
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

/** A state made from all entries of a snapshot, in their order. Its journal stays empty. */
export class RestoredState {
  readonly state = emptyAccountState();
  private readonly parts = new Map(partsOf(this.state));
  private readonly ids = new Map<string, string>();

  /** @throws Error for an unknown part, and for a pair of a relation that names an unknown number */
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
