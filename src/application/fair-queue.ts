/** Names the caller and the subject of some work. Callers are served in turn. The subjects of a caller are, too. */
export interface Asker {
  readonly caller: string;
  readonly subject: string;
}

/** The most pieces of work that may wait. */
export interface QueueLimits {
  readonly ofSubject: number;
  readonly ofCaller: number;
  readonly ofAll: number;
}

/** Why a piece of work cannot wait: its own caller has too many waiting, or all callers together have. */
export type Full = 'caller' | 'all';

/** One piece of work that waits. */
export interface Waiting {
  readonly admit: () => void;
  readonly refuse: (full: Full) => void;
}

type Subjects = Map<string, Waiting[]>;

/**
 * Work that waits for its turn, by caller and subject. A caller with much work waits only behind itself.
 */
export class FairQueue {
  /** In the order of their turns. */
  private readonly callers = new Map<string, Subjects>();
  private waiting = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** The number of pieces of work that wait. */
  get size(): number {
    return this.waiting;
  }

  /** Has work wait, or refuses it. Where there is no room left, the caller with most work gives way. */
  add({ caller, subject }: Asker, work: Waiting): void {
    const subjects = this.callers.get(caller) ?? new Map<string, Waiting[]>();
    const line = subjects.get(subject) ?? [];
    const own = countOf(subjects);
    if (line.length >= this.limits.ofSubject || own >= this.limits.ofCaller) work.refuse('caller');
    else if (this.waiting >= this.limits.ofAll && !this.makeRoom(own + 1)) work.refuse('all');
    else {
      this.callers.set(caller, subjects.set(subject, [...line, work]));
      this.waiting += 1;
    }
  }

  /** Admits the next work, if any waits. */
  admitNext(): boolean {
    const [first] = this.callers;
    if (!first) return false;
    const [caller, subjects] = first;
    const [work] = takeFrom(subjects, 0);
    this.waiting -= 1;
    this.callers.delete(caller);
    if (subjects.size > 0) this.callers.set(caller, subjects);
    work?.admit();
    return true;
  }

  /** Refuses the work that came last of the caller with most, if that is more than a newcomer would have. */
  private makeRoom(newcomer: number): boolean {
    const [caller, subjects] = [...this.callers].reduce((one, other) =>
      countOf(other[1]) > countOf(one[1]) ? other : one,
    );
    if (countOf(subjects) <= newcomer) return false;
    const [work] = takeFrom(subjects, -1);
    this.waiting -= 1;
    if (subjects.size === 0) this.callers.delete(caller);
    work?.refuse('caller');
    return true;
  }
}

function countOf(subjects: Subjects): number {
  return [...subjects.values()].reduce((sum, { length }) => sum + length, 0);
}

/** Takes work of the next subject. That subject then comes last. @param place 0 for the first, -1 for the last */
function takeFrom(subjects: Subjects, place: 0 | -1): Waiting[] {
  const [first] = subjects;
  if (!first) return [];
  const [subject, line] = first;
  const taken = line.splice(place, 1);
  subjects.delete(subject);
  if (line.length > 0) subjects.set(subject, line);
  return taken;
}
