import { ANY, type EventStoreDBClient, type JSONEventData } from '@eventstore/db-client';
import { EventStoreDbConnection } from './eventstoredb-connection.js';
import { failureOf } from './eventstoredb-failure.js';
import { EventStoreDbReads, PAGE } from './eventstoredb-reads.js';
import { RevisionConflict } from './event-store.js';
import { beginning, keysForgotten, KeyUseStream, usesRecorded } from './key-use-stream.js';
import { type EndedKeys, isDue, isEnded, type KeyUse, type KeyUses } from './key-uses.js';

/** How long a call may go without a sign from the server, in milliseconds. */
const SILENCE_MS = 2_500;
/** A stream of more events is written anew, without what was overtaken or forgotten. */
const MOST_EVENTS = 500;
/** What was read of so many streams is kept in mind. */
const MOST_STREAMS = 200;

/**
 * Last uses of keys in EventStoreDB: a stream `key-uses-<account>` for each account. It is kept short: when it has many
 * events, what they tell is written once more, and the server removes what stands before (`$tb`).
 */
export class EventStoreDbKeyUses implements KeyUses {
  private readonly connection: EventStoreDbConnection;
  private readonly reads: EventStoreDbReads;
  private readonly streams = new Map<string, KeyUseStream>();

  /**
   * @param connectionString that of the log
   * @param prefix the beginning of all stream names
   */
  constructor(
    connectionString: string,
    private readonly prefix: string,
  ) {
    this.connection = EventStoreDbConnection.acquire(connectionString);
    this.reads = new EventStoreDbReads(this.connection, SILENCE_MS);
  }

  async keep(account: string, uses: readonly KeyUse[]): Promise<void> {
    const known = await this.read(account);
    const due = uses.filter((use) => isDue(use, known.uses.get(use.key_id)?.time));
    await this.append(account, usesRecorded(due));
    if (known.length >= MOST_EVENTS) await this.shorten(account);
  }

  async of(account: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { uses } = await this.read(account);
    return new Map(
      keyIds.flatMap((id) => {
        const use = uses.get(id);
        return use ? [[id, use.time] as const] : [];
      }),
    );
  }

  async forget(account: string, ended: EndedKeys): Promise<void> {
    const { uses } = await this.read(account);
    if ([...uses.values()].some((use) => isEnded(use, ended)))
      await this.append(account, [keysForgotten(ended)]);
  }

  async close(): Promise<void> {
    await this.connection.release();
  }

  private streamOf(account: string): string {
    return `${this.prefix}key-uses-${account}`;
  }

  /** Brings what is known of an account's stream up to date. */
  private async read(account: string): Promise<KeyUseStream> {
    const known = this.streams.get(account) ?? new KeyUseStream();
    const stream = this.streamOf(account);
    const options = { fromRevision: BigInt(Math.max(known.revision, 0)), requiresLeader: true };
    const pages = this.reads.pagesOf(
      (client) => client.readStream(stream, options, { highWaterMark: PAGE }),
      stream,
    );
    for await (const page of pages)
      if (!known.add(page)) {
        this.streams.delete(account);
        return this.read(account);
      }
    this.remember(account, known);
    return known;
  }

  private remember(account: string, known: KeyUseStream): void {
    this.streams.delete(account);
    this.streams.set(account, known);
    const [oldest] = this.streams.keys();
    if (oldest !== undefined && this.streams.size > MOST_STREAMS) this.streams.delete(oldest);
  }

  /** Instances write in any order. */
  private async append(account: string, events: readonly JSONEventData[]): Promise<void> {
    for (const event of events) await this.appendOne(account, event, ANY);
  }

  /** @returns the revision of the event @throws RevisionConflict */
  private async appendOne(
    account: string,
    event: JSONEventData,
    expectedRevision: bigint | typeof ANY,
  ): Promise<number> {
    this.connection.claimWriter();
    const stream = this.streamOf(account);
    const { nextExpectedRevision } = await this.call(stream, (client) =>
      client.appendToStream(stream, [event], { expectedRevision, requiresLeader: true }),
    );
    return Number(nextExpectedRevision);
  }

  private async shorten(account: string): Promise<void> {
    const { revision, uses } = await this.read(account);
    const stream = this.streamOf(account);
    try {
      // Whatever another instance writes in between comes after this one.
      const truncateBefore = await this.appendOne(account, beginning(), BigInt(revision));
      await this.append(account, usesRecorded([...uses.values()]));
      const { metadata } = await this.call(stream, (client) => client.getStreamMetadata(stream));
      await this.call(stream, (client) => client.setStreamMetadata(stream, { ...metadata, truncateBefore }));
    } catch (error) {
      // Another instance has written there: the next time will do.
      if (!(error instanceof RevisionConflict)) throw error;
    }
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
