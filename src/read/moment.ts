import type { Checkpoint, Checkpoints } from './checkpoints.js';
import type { Commands } from './tables/commands.js';

/** The subject of a question: an account at one revision of its stream. Later appends do not change it. */
export class Moment {
  constructor(
    /** The account's id. */
    readonly account: string,
    readonly revision: number,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** The interned number of the account; null for an account that the views do not know. */
  get number(): number | null {
    return this.checkpoints.of(this.account)?.number ?? null;
  }

  /** Whether the views have gone beyond this revision. The rows of that time then answer. */
  get isPast(): boolean {
    return this.checkpoints.revisionOf(this.account) > this.revision;
  }
}

/** The moments at which the views can answer. */
export class Moments {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly commands: Commands,
  ) {}

  /** The account as the views show it at present. */
  now(account: string): Moment {
    return this.at(account, this.checkpoints.revisionOf(account));
  }

  /** @param revision one that the views have reached */
  at(account: string, revision: number): Moment {
    return new Moment(account, revision, this.checkpoints);
  }

  /**
   * The moment at the end of the command that wrote a revision; undefined for a revision that the views lack.
   */
  afterCommand(account: string, revision: number): Moment | undefined {
    return this.found(account, ({ number }) => this.commands.endOf(number, revision));
  }

  /**
   * The last moment before any event with a time later than the given one; undefined before the first event.
   * @param time in milliseconds since the epoch
   */
  atTime(account: string, time: number): Moment | undefined {
    return this.found(account, (head) => this.commands.lastBy(head.number, time, head.revision));
  }

  /** The latest time of an event up to a moment, in milliseconds since the epoch. */
  timeOf({ number, revision }: Moment): number {
    return (number === null ? undefined : this.commands.latestAt(number, revision)) ?? 0;
  }

  private found(account: string, find: (head: Checkpoint) => number | undefined): Moment | undefined {
    const head = this.checkpoints.of(account);
    const revision = head && find(head);
    return revision === undefined ? undefined : this.at(account, revision);
  }
}
