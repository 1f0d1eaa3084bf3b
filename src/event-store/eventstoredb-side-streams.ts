import {
  ANY,
  type AppendExpectedRevision,
  type EventStoreDBClient,
  type JSONEventData,
  NO_STREAM as NEW_STREAM,
  type StreamMetadata,
} from '@eventstore/db-client';
import { NO_STREAM, type RecordedEvent } from './event-store.js';
import { EventStoreDbConnection } from './eventstoredb-connection.js';
import { failureOf, isNoStream } from './eventstoredb-failure.js';
import { EventStoreDbReads, PAGE } from './eventstoredb-reads.js';

/** How long a call may go without a sign from the server, in milliseconds. */
const SILENCE_MS = 2_500;

/** How long the server keeps the events of a stream: by their age in seconds or by their number. */
export type Retention = Pick<StreamMetadata, 'maxAge' | 'maxCount'>;

/** Streams in EventStoreDB that stand beside the log. The server lets their old events go. */
export class EventStoreDbSideStreams {
  private readonly connection: EventStoreDbConnection;
  private readonly reads: EventStoreDbReads;
  /** Streams whose retention is known to be set. */
  private readonly retained = new Set<string>();

  /** @param connectionString that of the log */
  constructor(connectionString: string) {
    this.connection = EventStoreDbConnection.acquire(connectionString);
    this.reads = new EventStoreDbReads(this.connection, SILENCE_MS);
  }

  /**
   * Appends one event, in one try.
   * @param expectedRevision undefined when any will do
   * @returns the revision of the event
   * @throws RevisionConflict, StoreUnavailable, StoreUnusable
   */
  async append(stream: string, event: JSONEventData, expectedRevision?: number): Promise<number> {
    this.connection.claimWriter();
    const options = { expectedRevision: expectationOf(expectedRevision), requiresLeader: true };
    const { nextExpectedRevision } = await this.call(
      stream,
      (client) => client.appendToStream(stream, event, options),
      expectedRevision,
    );
    return Number(nextExpectedRevision);
  }

  /**
   * Tells the server how long to keep the events of a stream, once. Without that setting nothing should be
   * written, because it would stay for ever.
   * @throws StoreUnavailable, StoreUnusable
   */
  async retain(stream: string, retention: Retention): Promise<void> {
    if (this.retained.has(stream)) return;
    this.connection.claimWriter();
    await this.set(stream, retention);
    this.retained.add(stream);
  }

  /** Has the server remove the events before a revision. @throws StoreUnavailable, StoreUnusable */
  truncate(stream: string, truncateBefore: number): Promise<void> {
    return this.set(stream, { truncateBefore });
  }

  /** Reads a stream in pages, from a revision on. @throws StoreUnavailable, StoreUnusable */
  eventsFrom(stream: string, revision: number): AsyncIterable<readonly RecordedEvent[]> {
    const options = { fromRevision: BigInt(revision), requiresLeader: true };
    return this.reads.pagesOf(
      (client) => client.readStream(stream, options, { highWaterMark: PAGE }),
      stream,
    );
  }

  /** @throws StoreUnavailable, StoreUnusable */
  async newest(stream: string): Promise<RecordedEvent | undefined> {
    const options = {
      direction: 'backwards',
      fromRevision: 'end',
      maxCount: 1,
      requiresLeader: true,
    } as const;
    for await (const [event] of this.reads.pagesOf((client) => client.readStream(stream, options), stream))
      return event;
    return undefined;
  }

  /** @throws StoreUnavailable, StoreUnusable */
  async remove(stream: string): Promise<void> {
    this.retained.delete(stream);
    const options = { expectedRevision: ANY, requiresLeader: true } as const;
    await this.call(stream, (client) =>
      client.deleteStream(stream, options).catch((error: unknown) => {
        if (!isNoStream(error)) throw error;
      }),
    );
  }

  close(): Promise<void> {
    return this.connection.release();
  }

  private async set(stream: string, wanted: StreamMetadata): Promise<void> {
    const { metadata } = await this.call(stream, (client) => client.getStreamMetadata(stream));
    const isSet = Object.entries(wanted).every(
      ([name, value]) => metadata && Reflect.get(metadata, name) === value,
    );
    if (!isSet)
      await this.call(stream, (client) => client.setStreamMetadata(stream, { ...metadata, ...wanted }));
  }

  private async call<Result>(
    stream: string,
    work: (client: EventStoreDBClient) => Promise<Result>,
    expectedRevision?: number,
  ): Promise<Result> {
    try {
      return await this.connection.call(work, SILENCE_MS);
    } catch (error) {
      throw failureOf(error, stream, expectedRevision);
    }
  }
}

function expectationOf(revision: number | undefined): AppendExpectedRevision {
  if (revision === undefined) return ANY;
  return revision === NO_STREAM ? NEW_STREAM : BigInt(revision);
}
