import { ANY, type EventStoreDBClient } from '@eventstore/db-client';
import type { AttemptBatch, AttemptLog, AttemptRange, KeptAttempt } from './attempt-log.js';
import { merged, proposalsOf } from './attempt-events.js';
import { type RecordedEvent, StoreUnavailable, StoreUnusable } from './event-store.js';
import { EventStoreDbConnection } from './eventstoredb-connection.js';
import { failureOf } from './eventstoredb-failure.js';
import { EventStoreDbReads, PAGE } from './eventstoredb-reads.js';
import { PATIENCE_MS } from './retry.js';
import type { SqliteAttemptLog } from './sqlite.attempt-log.js';
import { within } from './within.js';

/** How long a call may go without a sign from the server, in milliseconds. */
const SILENCE_MS = 2_500;
const SECONDS_A_DAY = 86_400;

/**
 * Attempts in EventStoreDB. Each account has a stream `attempts-<account>`, and the server lets its events
 * expire (`$maxAge`). When an instance is asked, it reads the events of the account's stream that it has not
 * read yet. It copies them into tables of its own.
 */
export class EventStoreDbAttemptLog implements AttemptLog {
  private readonly connection: EventStoreDbConnection;
  private readonly reads: EventStoreDbReads;
  /** Streams whose events are known to expire. */
  private readonly expiring = new Set<string>();
  private readonly reading = new Map<string, Promise<void>>();

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
    this.connection = EventStoreDbConnection.acquire(connectionString);
    this.reads = new EventStoreDbReads(this.connection, SILENCE_MS);
  }

  async append(account: string, batch: AttemptBatch): Promise<void> {
    const stream = this.streamOf(account);
    this.connection.claimWriter();
    await this.expire(stream);
    for (const events of proposalsOf(batch))
      // Instances write in any order. What is written twice has the same keys.
      await this.call(stream, (client) =>
        client.appendToStream(stream, events, { expectedRevision: ANY, requiresLeader: true }),
      );
  }

  async *read(account: string, range: AttemptRange): AsyncIterable<readonly KeptAttempt[]> {
    await this.refresh(account);
    yield* this.tables.read(account, range);
  }

  async sources(account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    await this.refresh(account);
    return this.tables.sources(account, commandIds);
  }

  prune(before: number): Promise<boolean> {
    return this.tables.prune(before);
  }

  async close(): Promise<void> {
    await this.connection.release();
    await this.tables.close();
  }

  private streamOf(account: string): string {
    return `${this.prefix}attempts-${account}`;
  }

  /**
   * Tells the server to remove old events. Without that setting nothing is written, because it
   * would stay for ever.
   */
  private async expire(stream: string): Promise<void> {
    if (this.expiring.has(stream)) return;
    const maxAge = this.days * SECONDS_A_DAY;
    const { metadata } = await this.call(stream, (client) => client.getStreamMetadata(stream));
    if (metadata?.maxAge !== maxAge)
      await this.call(stream, (client) => client.setStreamMetadata(stream, { ...metadata, maxAge }));
    this.expiring.add(stream);
  }

  /** Reads what this instance has not read yet. A read that takes too long goes on in the background. */
  private async refresh(account: string): Promise<void> {
    const underWay =
      this.reading.get(account) ?? this.readOn(account).finally(() => this.reading.delete(account));
    this.reading.set(account, underWay);
    underWay.catch(() => undefined);
    try {
      await within(PATIENCE_MS, underWay, () => new StoreUnavailable('Attempts take long to read'));
    } catch (error) {
      // An instance without the right to read the stream shows the attempts that it has.
      if (!(error instanceof StoreUnusable)) throw error;
    }
  }

  private async readOn(account: string): Promise<void> {
    const log = await this.logId();
    const soFar = this.tables.work((tables) => tables.readSoFar(log, account));
    for await (const page of this.eventsFrom(this.streamOf(account), Math.max(soFar.revision, 0))) {
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

  private eventsFrom(stream: string, revision: number): AsyncIterable<readonly RecordedEvent[]> {
    const options = { fromRevision: BigInt(revision), requiresLeader: true };
    return this.reads.pagesOf(
      (client) => client.readStream(stream, options, { highWaterMark: PAGE }),
      stream,
    );
  }

  private async call<Result>(
    stream: string,
    work: (client: EventStoreDBClient) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.connection.call(work, SILENCE_MS);
    } catch (error) {
      throw failureOf(error, stream);
    }
  }
}
