import type { ShownEntry } from '../answers.js';
import type { Change, Entry, Subject } from '../entry.js';

/** How many subjects and changes an answer shows, each. */
export const MOST_SHOWN = 1000;

/** What of an entry goes into a row: the text of what answers show, and what does not fit in there. */
export interface EntryTexts {
  /** A {@link ShownEntry} as JSON, as it goes out. */
  readonly entry: string;
  /** Which subject each change is of, as JSON; null where all are of the first one. */
  readonly owners: string | null;
  /** Further subjects and changes, so many to a text, as JSON. */
  readonly rests: readonly string[];
}

interface Rest {
  readonly subjects: readonly Subject[];
  readonly changes: readonly Change[];
}

export function textsOfEntry(entry: Entry): EntryTexts {
  const { subjects, changes } = entry;
  const [first, ...others] = pieces(subjects, changes);
  const owners = first.changes.map(({ of }) => of);
  const total = subjects.length > MOST_SHOWN ? { subjects_total: subjects.length } : {};
  return {
    entry: JSON.stringify(shown(entry, first.subjects, first.changes, total)),
    owners: owners.some((of) => of !== 0) ? JSON.stringify(owners) : null,
    rests: others.map((rest) => JSON.stringify(rest)),
  };
}

/** The entry that the texts were made of. */
export function entryIn({ entry, owners, rests }: EntryTexts): Entry {
  const stored = JSON.parse(entry) as Omit<ShownEntry, 'subjects_total'>;
  const of = owners === null ? [] : (JSON.parse(owners) as readonly number[]);
  const changes = stored.changes.map((change, index) => ({ ...change, of: of[index] ?? 0 }));
  const others = rests.map((rest) => JSON.parse(rest) as Rest);
  if (others.length === 0) return { ...stored, changes };
  return {
    ...stored,
    subjects: [stored.subjects, ...others.map((rest) => rest.subjects)].flat(),
    changes: [changes, ...others.map((rest) => rest.changes)].flat(),
  };
}

/** An entry with some of its subjects and changes, in the order of fields in which it goes out. */
export function shown(
  { actor, credential, changes: _changes, subjects: _subjects, caused_by, ...entry }: Entry,
  subjects: readonly Subject[],
  changes: readonly Change[],
  total: { readonly subjects_total?: number } = {},
): ShownEntry {
  const { revision, time, event, summary, via, request_id, command_id, reason, category, privileged } = entry;
  return {
    ...{ revision, time, event, summary, actor, credential, via, request_id, command_id, reason },
    ...{ category, privileged, subjects, ...total },
    changes: changes.map(({ field, before, after }) => ({ field, before, after })),
    caused_by,
  };
}

function pieces(subjects: readonly Subject[], changes: readonly Change[]): [Rest, ...Rest[]] {
  const piece = (from: number) => ({
    subjects: subjects.slice(from, from + MOST_SHOWN),
    changes: changes.slice(from, from + MOST_SHOWN),
  });
  const others: Rest[] = [];
  for (let from = MOST_SHOWN; from < Math.max(subjects.length, changes.length); from += MOST_SHOWN)
    others.push(piece(from));
  return [piece(0), ...others];
}
