import { accountStream } from '../../event-store/codec.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Checkpoints } from '../../read/checkpoints.js';

/** An event by which a log is known again. */
export interface Mark {
  readonly revision: number;
  /** Its id. */
  readonly event: string;
}

/**
 * Tells whether the log is the one of before. A log that was restored from a backup ends earlier, and then goes on
 * with other events at the same revisions.
 */
export class LogMarks {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly checkpoints: Pick<Checkpoints, 'of'>,
  ) {}

  /** @returns the marks with one of the last event that is seen by now: newest first, the older the further apart */
  with(account: string, marks: readonly Mark[]): readonly Mark[] {
    const head = this.checkpoints.of(account);
    if (!head || head.revision === marks[0]?.revision) return marks;
    const { revision, event_id: event } = head;
    const distance = (mark: Mark) => Math.floor(Math.log2(revision - mark.revision + 1) / 2);
    const older = marks.filter((mark, index) => {
      const next = marks[index + 1];
      return mark.revision < revision && (!next || distance(next) !== distance(mark));
    });
    return [{ revision, event }, ...older];
  }

  /** The newest that is in the log. @throws StoreUnavailable */
  async found(account: string, marks: readonly Mark[]): Promise<Mark | undefined> {
    for (const mark of marks) if (await this.isIn(account, mark)) return mark;
    return undefined;
  }

  private async isIn(account: string, { revision, event }: Mark): Promise<boolean> {
    for await (const [first] of this.store.readStream(accountStream(account), revision - 1))
      return first?.revision === revision && first.id === event;
    return false;
  }
}
