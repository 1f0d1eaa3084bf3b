import type { AccountEventRecord } from '../event-store/codec.js';
import { NO_STREAM } from '../event-store/event-store.js';
import type { Checkpoint } from '../read/checkpoints.js';
import type { HeldViews } from '../read/held-views.js';
import { Projection } from '../read/projection.js';
import type { Views } from '../read/views.js';
import { ViewsLost } from '../read/views-database.js';
import type { Watch } from './verification-watch.js';

const ANEW = 'stop Muster and delete views.db, which is built anew at the next start';

/** How far the log of an account can be read, and whether that is its end. */
interface End {
  readonly revision: number;
  readonly isHead: boolean;
}

/**
 * Builds views anew and compares them with the views held.
 * Each account is built up to the revision that the views held have seen.
 */
export class ViewsCheck {
  private readonly projection: Projection;
  private readonly ends = new Map<string, End>();
  private readonly failed = new Set<string>();
  /** Accounts whose views are not compared, because their fault or its cause is reported already. */
  private readonly unsound = new Set<string>();

  /**
   * @param rebuilt fresh views
   * @param held undefined when there are none to compare
   */
  constructor(
    private readonly rebuilt: Views,
    private readonly held: HeldViews | undefined,
    private readonly watch: Pick<Watch, 'onFault' | 'onNote'>,
  ) {
    this.projection = new Projection(rebuilt);
  }

  /**
   * Takes events of an account. Only those that the views held have seen are used.
   * Without views held, all are used.
   */
  take(account: string, records: readonly AccountEventRecord[]): void {
    const limit = this.held ? (this.held.checkpointOf(account)?.revision ?? NO_STREAM) : Infinity;
    this.takeRest(
      account,
      records.filter(({ revision }) => revision <= limit),
    );
  }

  takeRest(account: string, records: readonly AccountEventRecord[]): void {
    try {
      this.projection.apply(account, records);
    } catch (error) {
      if (error instanceof ViewsLost) throw error;
      this.takeSingly(account, records);
    }
  }

  /**
   * Notes how far the log of an account can be read, and whether that is its end.
   * @param revision the first one that cannot be read
   */
  noteEnd(account: string, revision: number, isHead: boolean): void {
    this.ends.set(account, { revision, isHead });
  }

  endsAt(account: string): number {
    return this.ends.get(account)?.revision ?? 0;
  }

  /** The revision up to which the views built anew have come. */
  revisionOf(account: string): number {
    return this.rebuilt.checkpoints.revisionOf(account);
  }

  hasFailed(account: string): boolean {
    return this.failed.has(account);
  }

  compare(): void {
    if (!this.held) return;
    for (const checkpoint of this.held.checkpoints()) this.compareCheckpoint(checkpoint);
    this.rebuilt.database.commit();
    for (const { table, account, revision, isHeld } of this.held.differences()) {
      if (account !== undefined && this.unsound.has(account)) continue;
      const what = isHeld ? 'has a row that does not come of the log' : 'lacks a row that comes of the log';
      this.watch.onFault({ account, revision, what: `the table ${table} in views.db ${what}; ${ANEW}` });
    }
  }

  private compareCheckpoint({
    account,
    revision,
    event_id,
  }: Checkpoint & { readonly account: string }): void {
    const built = this.rebuilt.checkpoints.of(account);
    if (built?.revision === revision && built.event_id === event_id) return;
    this.unsound.add(account);
    const { revision: end, isHead } = this.ends.get(account) ?? { revision: 0, isHead: true };
    if (built?.revision !== revision && !(isHead && revision >= end)) {
      this.watch.onNote(`The views of account ${account} were not compared, as its log has faults`);
      return;
    }
    const what =
      built?.revision === revision
        ? 'the views come of another event than the log has there'
        : `the views have seen the events up to this one, but the log has ${end === 0 ? 'none' : `them up to ${end - 1} only`}`;
    const restored = `if it was restored from a backup on purpose, ${ANEW}`;
    this.watch.onFault({
      account,
      revision,
      what: `${what}; restore the log from a newer backup, or ${restored}`,
    });
  }

  /** Takes events one by one, to find the one that fails. */
  private takeSingly(account: string, records: readonly AccountEventRecord[]): void {
    for (const record of records)
      try {
        this.projection.apply(account, [record]);
      } catch (error) {
        if (error instanceof ViewsLost) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        const what = `the views cannot take ${record.event.type} (${reason}); restore the log from a backup`;
        this.failed.add(account);
        this.watch.onFault({ account, revision: record.revision, what });
        return;
      }
  }
}
