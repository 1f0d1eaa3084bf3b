import type { ShownEntry } from '../answers.js';
import type { Change, Entry, Subject } from '../entry.js';

/** How many subjects and changes an answer shows, each. */
export const MOST_SHOWN = 1000;

/** The texts of an entry in its rows: what answers show, and what is beyond that. */
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
  const isLong = subjects.length > MOST_SHOWN || changes.length > MOST_SHOWN;
  const [first, ...others] = isLong ? pieces(subjects, changes) : [{ subjects, changes }];
  const total = subjects.length > MOST_SHOWN ? { subjects_total: subjects.length } : undefined;
  return {
    entry: JSON.stringify(shown(entry, first.subjects, first.changes, total)),
    owners: first.changes.some(({ of }) => of !== 0)
      ? JSON.stringify(first.changes.map(({ of }) => of))
      : null,
    rests: others.map((rest) => JSON.stringify(rest)),
  };
}

/** The entry that the texts were made of. */
export function entryIn({ entry, owners, rests }: EntryTexts): Entry {
  const stored = JSON.parse(entry) as Omit<ShownEntry, 'subjects_total'>;
  const of = owners === null ? [] : (JSON.parse(owners) as readonly (number | null)[]);
  const changes = stored.changes.map((change, index) => {
    const { [index]: owner = 0 } = of;
    return { ...change, of: owner };
  });
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
  entry: Entry,
  subjects: readonly Subject[],
  changes: readonly Change[],
  total?: { readonly subjects_total?: number },
): ShownEntry {
  // Field by field: this runs for every event, and rest parameters are several times slower.
  return {
    revision: entry.revision,
    time: entry.time,
    event: entry.event,
    summary: entry.summary,
    actor: entry.actor,
    credential: entry.credential,
    via: entry.via,
    request_id: entry.request_id,
    command_id: entry.command_id,
    reason: entry.reason,
    category: entry.category,
    privileged: entry.privileged,
    subjects,
    ...total,
    changes: changes.map(({ field, before, after }) => ({ field, before, after })),
    caused_by: entry.caused_by,
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
