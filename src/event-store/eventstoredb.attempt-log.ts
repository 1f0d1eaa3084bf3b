import type { ArrivedAttempt, AttemptBatch, AttemptLog, AttemptRange, KeptAttempt } from './attempt-log.js';
import { merged, proposalsOf } from './attempt-events.js';
import { EventStoreDbSideStreams } from './eventstoredb-side-streams.js';
import { SharedReads } from './shared-reads.js';
import type { SqliteAttemptLog } from './sqlite.attempt-log.js';

const SECONDS_A_DAY = 86_400;

/**
 * Attempts in EventStoreDB. Each account has a stream `attempts-<account>`, and the server lets its events
 * expire (`$maxAge`). When an instance is asked, it reads the events of the account's stream that it has not
 * read yet. It copies them into tables of its own.
 */
export class EventStoreDbAttemptLog implements AttemptLog {
  private readonly streams: EventStoreDbSideStreams;
  private readonly reads = new SharedReads('Attempts');

  /**
   * @param connectionString that of the log
   * @param prefix the beginning of all stream names
   * @param tables keeps what was read
   */
  constructor(
    connectionString: string,
    private readonly prefix: string,
    private readonly days: number,
    private readonly tables: SqliteAttemptLog,
    private readonly logId: () => Promise<string>,
  ) {
    this.streams = new EventStoreDbSideStreams(connectionString);
  }

  async append(account: string, batch: AttemptBatch): Promise<void> {
    const stream = this.streamOf(account);
    await this.streams.retain(stream, { maxAge: this.days * SECONDS_A_DAY });
    // Instances write in any order. What is written twice has the same keys.
    for (const event of proposalsOf(batch)) await this.streams.append(stream, event);
  }

  async *read(account: string, range: AttemptRange): AsyncIterable<readonly KeptAttempt[]> {
    await this.refresh(account);
    yield* this.tables.read(account, range);
  }

  async arrivals(account: string, after: number, limit: number): Promise<readonly ArrivedAttempt[]> {
    await this.refresh(account);
    return this.tables.arrivals(account, after, limit);
  }

  async sources(account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    await this.refresh(account);
    return this.tables.sources(account, commandIds);
  }

  prune(before: number): Promise<boolean> {
    return this.tables.prune(before);
  }

  async close(): Promise<void> {
    await this.streams.close();
    await this.tables.close();
  }

  private streamOf(account: string): string {
    return `${this.prefix}attempts-${account}`;
  }

  private refresh(account: string): Promise<void> {
    return this.reads.of(account, () => this.readOn(account));
  }

  private async readOn(account: string): Promise<void> {
    const log = await this.logId();
    const soFar = this.tables.work((tables) => tables.readSoFar(log, account));
    for await (const page of this.streams.eventsFrom(this.streamOf(account), Math.max(soFar.revision, 0))) {
      const [first] = page;
      if (first?.revision === soFar.revision && first.id !== soFar.event) {
        // The log was restored from a backup, and other events followed.
        this.tables.work((tables) => tables.startOver(log, account));
        return this.readOn(account);
      }
      for (const { batch, upTo } of merged(page.filter(({ id }) => id !== soFar.event))) {
        this.tables.work((tables) => tables.add(log, account, batch, upTo));
        await new Promise(setImmediate);
      }
    }
  }
}
