/**
 * An event to append. `data` and `metadata` are JSON texts. They are encoded once, so that a repeat
 * sends the same bytes.
 */
export interface ProposedEvent {
  /** A UUID, by which a store recognises a repeated append. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** An event as it is read back. */
export interface RecordedEvent extends ProposedEvent {
  readonly stream: string;
  /** The place in its stream: 0, 1, 2 … without gaps. */
  readonly revision: number;
  readonly position: Position;
}

/** A place in the whole log, from which a read or a subscription resumes. Only its store can read it. */
export type Position = string;

/** What a subscription brings. */
export interface Delivery {
  /** In the order of the log. There are none when the delivery brings only other news. */
  readonly events: readonly RecordedEvent[];
  /** Where to resume once the events are taken; undefined when the place has not moved. */
  readonly position: Position | undefined;
  /** Whether everything in the log has been delivered by now. */
  readonly isCaughtUp: boolean;
}

/**
 * The longest silence of an open subscription, in milliseconds. It then reports again
 * that everything is delivered.
 */
export const HEARTBEAT_MS = 2_500;

/**
 * The revision of a stream without events. As an expected revision it says that the stream does not exist.
 */
export const NO_STREAM = -1;

/** The stream is not at the revision that the writer expected. Nothing was written. */
export class RevisionConflict extends Error {
  constructor(stream: string, expectedRevision: number) {
    super(`Stream ${stream} is not at revision ${String(expectedRevision)}`);
  }
}

/**
 * The store did not answer or could not write. It is unknown whether an append took effect. The caller may
 * repeat it with the same events and the same expected revision. A repeat never writes them twice.
 */
export class StoreUnavailable extends Error {}

/** The store's data cannot be used as they are. The message says what to do. */
export class StoreUnusable extends Error {}

/** The stored data have changed since they were written. The log must be restored. */
export class LogDamaged extends StoreUnusable {}

/** Injects the {@link EventStore}. */
export const EVENT_STORE = Symbol('EventStore');

/** An append-only log of streams. */
export interface EventStore {
  /**
   * Whether this process alone can write to the log while it is open. The last event it has seen
   * is then the head.
   */
  readonly soleWriter: boolean;
  /** The most bytes of one atomic append, counted by {@link sizeOf}. */
  readonly maxAppendBytes: number;
  /** Why nothing can be written for now, and what to do; undefined while writes seem possible. */
  readonly trouble: string | undefined;
  /**
   * Reports that a disk has failed on which the log may lie. The store then finds out whether it can write
   * the log, without waiting for an append.
   */
  doubt(): void;
  /** Identifies this log. A log that replaces it has another id. */
  logId(): Promise<string>;
  /**
   * Appends all events to one stream, or none. A repeat of the same append succeeds and writes nothing.
   * @param expectedRevision the stream's revision before the append; NO_STREAM when it has no events
   * @throws RevisionConflict also when only some of the events are there already
   * @throws StoreUnavailable when the outcome is unknown
   */
  append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void>;
  /**
   * Reads a stream in pages, from after a revision to its head. A stream that does not exist has no pages.
   */
  readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * Reads all streams with names that start with `prefix`, from after a position to the end, in log order.
   */
  readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]>;
  /** The id of the event at a place in the log; undefined where there is none. */
  idAt(position: Position): Promise<string | undefined>;
  /**
   * Reads like {@link readAll}, and then brings what is appended later until the signal aborts. Each event
   * comes at least once and in order. A delivery comes at least every {@link HEARTBEAT_MS}, as a sign that
   * the log is within reach.
   * @throws StoreUnavailable when the connection is lost
   */
  subscribe(prefix: string, after: Position | undefined, signal: AbortSignal): AsyncIterable<Delivery>;
  close(): Promise<void>;
}

/** The size of an event as {@link EventStore.maxAppendBytes} counts it, in bytes. */
export function sizeOf(event: ProposedEvent): number {
  return (
    event.id.length + event.type.length + Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata)
  );
}

/**
 * The size at which a page of events ends, in bytes: hundreds of the largest events would not fit into memory.
 */
export const PAGE_BYTES = 2 * 1024 * 1024;

/**
 * 1 MiB, the default limit of an EventStoreDB server, less a margin for framing. Every store has this limit.
 */
export const MAX_APPEND_BYTES = 1024 * 1024 - 64 * 1024;
