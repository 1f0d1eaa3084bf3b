import type { FoldedEntry, ShownEntry } from '../answers.js';
import type { Subject } from '../entry.js';
import type { Thing } from '../question.js';
import type { AccountBlocks } from './account-blocks.js';
import type { EntryRow } from './audit-tables.js';
import { entryIn, MOST_SHOWN, shown } from './stored-entry.js';

/** The rows of answers. */
export class Rows {
  constructor(private readonly blocks: AccountBlocks) {}

  /** Some entries as they are shown, in the order of the revisions. */
  shown(revisions: readonly number[]): ShownEntry[] {
    return this.blocks.rows(revisions).map(({ entry }) => JSON.parse(entry) as ShownEntry);
  }

  /** Some entries with all their subjects and changes, as JSON, in the order of the revisions. */
  whole(revisions: readonly number[]): string[] {
    const restsOf = this.blocks.rests(Math.min(...revisions), Math.max(...revisions));
    return this.blocks.rows(revisions).map((row) => {
      const rests = restsOf?.(row.revision) ?? [];
      if (rests.length === 0) return row.entry;
      const entry = entryIn({ ...row, rests });
      return JSON.stringify(
        shown(entry, entry.subjects, entry.changes, { subjects_total: entry.subjects.length }),
      );
    });
  }

  /** An entry with the changes of one of its subjects alone. */
  about({ type, id }: Thing, revision: number): ShownEntry | undefined {
    const row = this.blocks.row(revision);
    if (!row) return undefined;
    const entry = this.entryOf(row);
    const isIt = (subject: Subject | undefined) => subject?.type === type && subject.id === id;
    const changes = entry.changes.filter(({ of }) => of === null || isIt(entry.subjects[of]));
    const total = entry.subjects.length > MOST_SHOWN ? { subjects_total: entry.subjects.length } : {};
    return shown(entry, this.mostSubjects(entry.subjects, isIt), changes.slice(0, MOST_SHOWN), total);
  }

  /** The first subject of an entry. */
  firstSubject(revision: number): Subject | undefined {
    const row = this.blocks.row(revision);
    return row && (JSON.parse(row.entry) as ShownEntry).subjects[0];
  }

  /** The row of the command that a revision is of. @param most how many subjects and changes it shows, each */
  folded(revision: number, head: number, most = MOST_SHOWN): FoldedEntry | undefined {
    const one = this.blocks.row(revision);
    if (!one) return undefined;
    const revisions = Array.from({ length: one.count }, (_, index) => one.first + index).filter(
      (other) => other <= head,
    );
    const entries = this.blocks.rows(revisions).map((row) => this.entryOf(row));
    const last = entries.at(-1);
    if (!last) return undefined;
    const subjects = [
      ...new Map(entries.flatMap((entry) => entry.subjects.map((one) => [keyOf(one), one]))).values(),
    ];
    const changes = entries.flatMap((entry) => entry.changes);
    const total = subjects.length > MOST_SHOWN ? { subjects_total: subjects.length } : {};
    const row = shown(last, subjects.slice(0, most), changes.slice(0, most), total);
    return { ...row, count: one.count, revisions };
  }

  private entryOf(row: EntryRow) {
    const rests = this.blocks.rests(row.revision, row.revision)?.(row.revision) ?? [];
    return entryIn({ ...row, rests });
  }

  /** Those that are shown, the wanted one among them. */
  private mostSubjects(
    subjects: readonly Subject[],
    isWanted: (subject: Subject) => boolean,
  ): readonly Subject[] {
    const first = subjects.slice(0, MOST_SHOWN);
    const wanted = subjects.find(isWanted);
    return wanted === undefined || first.includes(wanted) ? first : [...first.slice(0, -1), wanted];
  }
}

function keyOf({ type, id }: Subject): string {
  return `${type}:${id}`;
}
