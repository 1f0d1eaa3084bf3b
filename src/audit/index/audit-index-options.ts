import type { EntryOf } from './indexer.js';

/** How long a question waits until its account is indexed, in milliseconds. */
export const PATIENCE_MS = 5_000;

export interface AuditIndexOptions {
  /** Of the file, or `:memory:`. */
  readonly path: string;
  /** Names the code that makes the index; what other code has made is made anew. */
  readonly code: string;
  readonly entryOf: EntryOf;
  readonly patienceMs?: number;
  /** How much memory the states of accounts may take, and so each of them. */
  readonly mostBytes?: number;
}
