import type { AuditPage, FoldedEntry, ShownEntry } from '../../../audit/answers.js';

/** Whence a request came, as far as that is known still. */
export interface Source {
  readonly address: string;
  readonly user_agent: string | null;
}

/** What every row of an answer has; what was tried and refused has no event. */
export interface AuditRow extends Partial<Omit<ShownEntry, 'revision' | 'time' | 'actor'>> {
  readonly revision: number | null;
  readonly time: string;
  readonly outcome: string;
  readonly actor: ShownEntry['actor'] | null;
  readonly code?: string | null;
  readonly source: Source | null;
}

/** An entry of what was done. */
export function shownEntry<Entry extends ShownEntry | FoldedEntry>(
  entry: Entry,
  source: Source | null = null,
) {
  const { revision, time, ...rest } = entry;
  return { revision, time, outcome: 'succeeded', ...rest, source };
}

export function shownPage({ entries, next_cursor }: AuditPage): AuditPage {
  return { entries: entries.map((entry) => shownEntry(entry)), next_cursor };
}
