import { setImmediate } from 'node:timers/promises';
import { accountOf, accountStreams, decode } from '../event-store/codec.js';
import type { EventIds } from '../event-store/event-ids.js';
import { LogDamaged, NO_STREAM, type RecordedEvent } from '../event-store/event-store.js';
import type { StreamHash } from '../event-store/log-hash.js';
import { LogOrder } from '../event-store/log-order.js';
import type { LogDamage, LogReader } from '../event-store/log-reader.js';
import { AccountCheck, RESTORE } from './account-check.js';
import type { Watch } from './verification-watch.js';
import type { ViewsCheck } from './views-check.js';

/**
 * Checks the whole log of all accounts and the views made from it.
 * Events that other processes append meanwhile are left out.
 * The memory needed is a page of events, the state of one account and a hash per account.
 */
export class LogVerification {
  private readonly order = new LogOrder();
  private readonly faulty = new Set<string>();
  /** Whether the end of the log was reached. */
  private isReadWhole = true;
  private checked = 0;

  /** @param ids an empty collection */
  constructor(
    private readonly log: LogReader,
    private readonly ids: EventIds,
    private readonly views: ViewsCheck,
    private readonly watch: Watch,
  ) {}

  /**
   * @throws StoreUnavailable when the log is out of reach
   * @throws StoreUnusable when the log may not be read
   */
  async run(): Promise<{ readonly events: number; readonly accounts: number }> {
    await this.readAll();
    for (const [stream, seen] of this.order.streams) await this.checkStream(stream, seen);
    this.watch.onProgress('compare', this.order.events, this.order.events);
    if (this.isReadWhole) this.views.compare();
    else this.watch.onNote('The views were not compared, as the log cannot be read to its end');
    for (const [stream, seen] of this.order.streams) await this.projectRest(stream, seen);
    return { events: this.order.events, accounts: this.order.streams.size };
  }

  private async readAll(): Promise<void> {
    try {
      for await (const page of this.log.readAll(accountStreams)) {
        for (const event of page) {
          const damage = this.order.add(event);
          if (damage) this.tell(damage);
          this.ids.add(event);
        }
        await this.breathe('read', this.order.events);
      }
    } catch (error) {
      if (!(error instanceof LogDamaged)) throw error;
      this.isReadWhole = false;
      this.fault(undefined, undefined, `after ${this.order.events} events, ${error.message}`);
    }
    for (const damage of this.log.damages?.(accountStreams) ?? []) this.tell(damage);
    for (const damage of this.ids.repeated()) this.tell(damage);
  }

  /**
   * Reads a stream by itself, as commands and views do.
   * It ends where the stream ended when the whole log was read.
   */
  private async checkStream(stream: string, { head, hash }: StreamHash): Promise<void> {
    const [account, check] = [accountOf(stream), new AccountCheck()];
    try {
      for await (const page of this.log.readStream(stream, NO_STREAM)) {
        const seen = page.filter(({ revision }) => revision <= head);
        const records = seen.flatMap((event) => {
          const taken = check.take(event);
          if (typeof taken === 'string') this.fault(stream, event.revision, taken);
          return typeof taken === 'object' ? [taken] : [];
        });
        this.views.take(account, records);
        await this.breathe('check', (this.checked += seen.length), this.order.events);
      }
      if (check.hash !== hash)
        this.fault(stream, undefined, `its events are not those of the log as a whole; ${RESTORE}`);
    } catch (error) {
      if (!(error instanceof LogDamaged)) throw error;
      if (!this.faulty.has(stream)) this.fault(stream, undefined, error.message);
    }
    this.views.noteEnd(account, check.end, check.end > head);
  }

  /** Projects events beyond those the views have seen, to find what would stop a rebuild. */
  private async projectRest(stream: string, { head }: StreamHash): Promise<void> {
    const account = accountOf(stream);
    const end = Math.min(this.views.endsAt(account), head + 1);
    const after = this.views.revisionOf(account);
    if (after + 1 >= end || this.views.hasFailed(account)) return;
    const isWanted = ({ revision }: RecordedEvent) => revision < end;
    try {
      for await (const page of this.log.readStream(stream, after)) {
        this.views.takeRest(account, page.filter(isWanted).map(decode));
        await this.breathe('compare', this.order.events, this.order.events);
      }
    } catch (error) {
      if (!(error instanceof LogDamaged)) throw error;
    }
  }

  private async breathe(...progress: Parameters<Watch['onProgress']>): Promise<void> {
    this.watch.onProgress(...progress);
    await setImmediate();
    this.watch.signal.throwIfAborted();
  }

  private tell({ stream, revision, what }: LogDamage): void {
    this.fault(stream, revision, `${what}; ${RESTORE}`);
  }

  private fault(stream: string | undefined, revision: number | undefined, what: string): void {
    if (stream !== undefined) this.faulty.add(stream);
    this.watch.onFault({ account: stream === undefined ? undefined : accountOf(stream), revision, what });
  }
}
