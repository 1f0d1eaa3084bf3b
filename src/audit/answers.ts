import type { Change, Entry } from './entry.js';

/** An entry as answers show it; `subjects_total` where not all subjects are shown. */
export interface ShownEntry extends Omit<Entry, 'changes'> {
  readonly subjects_total?: number;
  readonly changes: readonly Omit<Change, 'of'>[];
}

/** One row a command: its last entry, with the subjects and changes of all of them. */
export interface FoldedEntry extends ShownEntry {
  /** How many events the command has. Those that the filters leave out count as well. */
  readonly count: number;
  /** The revisions of these events, ascending. */
  readonly revisions: readonly number[];
}

export interface AuditPage {
  readonly entries: readonly (ShownEntry | FoldedEntry)[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

export interface AuditCount {
  /** The start of an hour, day or week in UTC; a category; a type of event; the id of an actor, `operator` or `system`. */
  readonly key: string;
  /** The actor's name, where actors are counted. */
  readonly name?: string;
  readonly count: number;
}

/** A piece of an export. */
export interface ExportChunk {
  /** {@link ShownEntry}s or {@link FoldedEntry}s with all their subjects and changes, each as JSON without line breaks. */
  readonly rows: readonly string[];
  /** The revision of each row. A folded row has the last one of its command. */
  readonly revisions: readonly number[];
}
