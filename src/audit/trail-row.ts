import type { FoldedEntry, ShownEntry } from './answers.js';
import type { Attempt, Source } from './attempts/attempt.js';

/** What was done, and where it came from, as long as that is kept. */
export type DoneRow = (ShownEntry | FoldedEntry) & {
  readonly outcome: 'succeeded';
  readonly source: Source | null;
};
export type TrailRow = DoneRow | Attempt;
