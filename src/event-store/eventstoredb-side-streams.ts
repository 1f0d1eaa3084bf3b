import { randomUUID } from 'node:crypto';
import {
  ANY,
  type AppendExpectedRevision,
  type EventStoreDBClient,
  jsonEvent,
  type JSONType,
  NO_STREAM as NEW_STREAM,
  type StreamMetadata,
} from '@eventstore/db-client';
import { NO_STREAM, type RecordedEvent } from './event-store.js';
import { EventStoreDbConnection } from './eventstoredb-connection.js';
import { failureOf, isNoStream } from './eventstoredb-failure.js';
import { EventStoreDbReads, PAGE } from './eventstoredb-reads.js';
import { PATIENCE_MS, retryFor } from './retry.js';

/** How long a call may go without a sign from the server, in milliseconds. */
const SILENCE_MS = 2_500;

/** How long the server keeps the events of a stream: by their age in seconds or by their number. */
export type Retention = Pick<StreamMetadata, 'maxAge' | 'maxCount'>;

/** Streams in EventStoreDB that stand beside the log. The server lets their old events go. */
export class EventStoreDbSideStreams {
  private readonly connection: EventStoreDbConnection;
  private readonly reads: EventStoreDbReads;
  /** Streams whose retention is known to be set. */
  private readonly limited = new Set<string>();

  /** @param connectionString that of the log */
  constructor(connectionString: string) {
    this.connection = EventStoreDbConnection.acquire(connectionString);
    this.reads = new EventStoreDbReads(this.connection, SILENCE_MS);
  }

  /**
   * Appends one event. The same event is sent again while the outcome is unknown; the server writes it once.
   * @param expectedRevision undefined when any will do
   * @throws RevisionConflict, StoreUnavailable, StoreUnusable
   */
  async append(
    stream: string,
    retention: Retention,
    event: { readonly type: string; readonly data: Record<string, JSONType> },
    expectedRevision?: number,
  ): Promise<void> {
    this.connection.claimWriter();
    await this.limit(stream, retention);
    const proposed = jsonEvent({ id: randomUUID(), ...event });
    const options = { expectedRevision: expectationOf(expectedRevision), requiresLeader: true };
    await retryFor(PATIENCE_MS, () =>
      this.call(stream, (client) => client.appendToStream(stream, proposed, options), expectedRevision),
    );
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
    this.limited.delete(stream);
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

  /** Without a retention nothing is written, because it would stay for ever. */
  private async limit(stream: string, retention: Retention): Promise<void> {
    if (this.limited.has(stream)) return;
    const { metadata } = await this.call(stream, (client) => client.getStreamMetadata(stream));
    const isSet = metadata?.maxAge === retention.maxAge && metadata?.maxCount === retention.maxCount;
    if (!isSet)
      await this.call(stream, (client) => client.setStreamMetadata(stream, { ...metadata, ...retention }));
    this.limited.add(stream);
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
