import { explain } from '../../event-store/sqlite-failure.js';
import type { AuditSource } from '../source.js';
import { isOfDatabase } from './audit-database.js';
import type { CatchUp } from './catch-up.js';
import { Interlude } from './interlude.js';
import { RestingAccounts } from './resting-accounts.js';
import { Warnings } from './warnings.js';

/** Events that are indexed in one go while nobody asks. */
const PIECE = 500;
/**
 * How many events an account may be behind while requests keep the service busy: the next question about it has to index
 * them first, which takes about two seconds.
 */
const FAR_BEHIND = 15_000;
/** How often it is looked whether the service has time, in milliseconds. */
const LOOK_MS = 250;

/**
 * Accounts that are not indexed up to their last known revision. They are indexed while nobody asks and the service has
 * time. While it is busy, only those that are far behind are, and for half of the time at most.
 */
export class Backlog {
  /** The last revision of each account that is known here. */
  private readonly heads = new Map<string, number>();
  private readonly resting: RestingAccounts;
  private readonly interlude = new Interlude();
  private readonly warnings = new Warnings(Backlog.name);

  /** @param onRested called when an account that could not be indexed may be tried again */
  constructor(
    private readonly source: AuditSource,
    private readonly closing: AbortSignal,
    onRested: () => void,
  ) {
    this.resting = new RestingAccounts(onRested);
  }

  note(heads: Iterable<readonly [account: string, revision: number]>): void {
    for (const [account, revision] of heads) this.heads.set(account, revision);
  }

  hasWork(catchUp: CatchUp): boolean {
    return this.next(catchUp, 0) !== undefined;
  }

  /** Ends a wait of {@link workOff}: somebody waits for an answer. */
  hurry(): void {
    this.interlude.cutShort();
  }

  /**
   * Indexes a piece, or waits a while.
   * @returns false when there is nothing to do
   * @throws what is the database's fault, and what a stop ends it with
   */
  async workOff(catchUp: CatchUp): Promise<boolean> {
    if (!this.hasWork(catchUp)) return false;
    const isBusy = await this.source.isBusy();
    const next = this.next(catchUp, isBusy ? FAR_BEHIND : 0);
    const begun = performance.now();
    if (next !== undefined) await this.bring(catchUp, next);
    const pause = next === undefined ? LOOK_MS : performance.now() - begun;
    if (isBusy && !catchUp.isWanted && !this.closing.aborted) await this.interlude.last(pause);
    return true;
  }

  /** An account that is behind by so many events at least, and that can be indexed. */
  private next(catchUp: CatchUp, least: number): string | undefined {
    for (const [account, head] of this.heads) {
      if (catchUp.isAt(account, head)) this.heads.delete(account);
      else if (!this.resting.has(account) && head - catchUp.revisionOf(account) >= least) return account;
    }
    return undefined;
  }

  private async bring(catchUp: CatchUp, account: string): Promise<void> {
    const head = Math.min(this.heads.get(account) ?? 0, catchUp.revisionOf(account) + PIECE);
    try {
      await catchUp.advance(account, head, []);
      this.resting.delete(account);
      if (!catchUp.isAt(account, head)) this.resting.add(account);
    } catch (error) {
      if (isOfDatabase(error) || this.closing.aborted) throw error;
      this.warnings.tell(`The account ${account} is not indexed for the audit log: ${explain(error)}`);
      this.resting.add(account);
    }
  }
}
