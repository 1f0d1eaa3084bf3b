import type { CachedAccount } from './cached-account.js';
import type { QueueContext } from './queue-context.js';

/** The state of one account, for one piece of work at a time, in the order of the requests for it. */
export class ExclusiveAccount {
  private last: Promise<unknown> = Promise.resolve();
  /** The number of turns that are under way or wait. */
  private turns = 0;

  /**
   * @param isAwaited whether commands wait for a turn, which a snapshot would hold up
   * @param onFree called whenever no turn is left
   */
  constructor(
    private readonly id: string,
    private readonly context: Pick<QueueContext, 'cache' | 'snapshots' | 'closing'>,
    private readonly isAwaited: () => boolean,
    private readonly onFree: () => void,
  ) {}

  get isFree(): boolean {
    return this.turns === 0;
  }

  async freed(): Promise<void> {
    while (!this.isFree) await this.last;
  }

  /**
   * Works on the state once every earlier turn has ended, its snapshot included.
   * The result is there before the snapshot that may follow. The next turn comes after that snapshot.
   */
  use<Result>(work: (account: CachedAccount) => Promise<Result>): Promise<Result> {
    this.turns += 1;
    const turn = this.last.then(async () => {
      const account = this.context.cache.get(this.id);
      return { account, result: await work(account) };
    });
    this.last = turn
      .then(({ account }) => this.saveIfDue(account))
      .catch(() => undefined)
      .then(() => {
        this.turns -= 1;
        if (this.isFree) this.onFree();
      });
    return turn.then(({ result }) => result);
  }

  private async saveIfDue(account: CachedAccount): Promise<void> {
    const { snapshots, closing } = this.context;
    if (!snapshots?.isDue(account.unsaved, this.isAwaited())) return;
    if (account.state.journal.length > 0 || closing.aborted) return;
    await account.save(snapshots, closing);
  }
}
