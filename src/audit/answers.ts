import type { Change, Entry } from './entry.js';

/** An entry as answers show it; `subjects_total` where not all subjects are shown. */
export interface ShownEntry extends Omit<Entry, 'changes'> {
  readonly subjects_total?: number;
  readonly changes: readonly Omit<Change, 'of'>[];
}

/** One row a command: its last entry, with the subjects and changes of all of them. */
export interface FoldedEntry extends ShownEntry {
  /** How many events the command has, also those that the filters leave out. */
  readonly count: number;
  /** Theirs, ascending. */
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
  /** Of an actor. */
  readonly name?: string;
  readonly count: number;
}

/** A piece of an export. */
export interface ExportChunk {
  /** Each a {@link ShownEntry} or {@link FoldedEntry} with all its subjects and changes, as JSON without line breaks. */
  readonly rows: readonly string[];
  /** The revisions of the rows, one each: the last one of a command. */
  readonly revisions: readonly number[];
}
