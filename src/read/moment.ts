import type { Checkpoint, Checkpoints } from './checkpoints.js';
import type { Commands } from './tables/commands.js';

/** What a question is about: an account at one revision of its stream, whatever is appended meanwhile. */
export class Moment {
  constructor(
    /** The account's id. */
    readonly account: string,
    readonly revision: number,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** The interned number of the account; null while the views know no such account. */
  get number(): number | null {
    return this.checkpoints.of(this.account)?.number ?? null;
  }

  /** Whether the views have gone beyond it, so that it is the rows of then that answer. */
  get isPast(): boolean {
    return this.checkpoints.revisionOf(this.account) > this.revision;
  }
}

/** The moments that the views can tell of. */
export class Moments {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly commands: Commands,
  ) {}

  /** The account as the views show it at present. */
  now(account: string): Moment {
    return this.at(account, this.checkpoints.revisionOf(account));
  }

  /** @param revision one that the views have come to */
  at(account: string, revision: number): Moment {
    return new Moment(account, revision, this.checkpoints);
  }

  /** The moment when the command was done that wrote a revision; undefined for a revision that is not here. */
  afterCommand(account: string, revision: number): Moment | undefined {
    return this.found(account, ({ number }) => this.commands.endOf(number, revision));
  }

  /**
   * The last moment at which no clock that had written to the account was beyond a time; undefined before the first.
   * @param time in milliseconds since the epoch
   */
  atTime(account: string, time: number): Moment | undefined {
    return this.found(account, (head) => this.commands.lastBy(head.number, time, head.revision));
  }

  /** The latest time of an event until a moment, in milliseconds since the epoch. */
  timeOf({ number, revision }: Moment): number {
    return (number === null ? undefined : this.commands.latestAt(number, revision)) ?? 0;
  }

  private found(account: string, find: (head: Checkpoint) => number | undefined): Moment | undefined {
    const head = this.checkpoints.of(account);
    const revision = head && find(head);
    return revision === undefined ? undefined : this.at(account, revision);
  }
}
