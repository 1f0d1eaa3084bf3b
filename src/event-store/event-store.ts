/** An event as it is appended: `data` and `metadata` are JSON texts, encoded once so that a repeat sends the same bytes. */
export interface ProposedEvent {
  /** A UUID; a store recognises a repeated append by it. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** An event as it is read back. */
export interface RecordedEvent extends ProposedEvent {
  readonly stream: string;
  /** Place in its stream: 0, 1, 2 … without gaps. */
  readonly revision: number;
  readonly position: Position;
}

/** A place in the whole log, opaque outside its store; good for resuming a read or a subscription. */
export type Position = string;

/** What a subscription brings. */
export interface Delivery {
  /** In the order of the log; none when there is only something else to say. */
  readonly events: readonly RecordedEvent[];
  /** Where to resume once the events are taken; undefined when that has not moved. */
  readonly position: Position | undefined;
  /** Whether everything that was in the log was delivered by now. */
  readonly isCaughtUp: boolean;
}

/** How long an open subscription is silent at most, in milliseconds: it says again that all was delivered. */
export const HEARTBEAT_MS = 2_500;

/** The revision of a stream without events, and the expected revision that says "there is no such stream". */
export const NO_STREAM = -1;

/** The stream is not at the revision the writer expected; nothing was written. */
export class RevisionConflict extends Error {
  constructor(stream: string, expectedRevision: number) {
    super(`Stream ${stream} is not at revision ${String(expectedRevision)}`);
  }
}

/**
 * The store did not answer, or could not write. Whether an append took effect is unknown:
 * repeat it with the same events and the same expected revision, which is exact.
 */
export class StoreUnavailable extends Error {}

/** The store's data cannot be used as they are; the message says what to do. */
export class StoreUnusable extends Error {}

/** What is stored is not what was stored once: it must be restored. */
export class LogDamaged extends StoreUnusable {}

/** Injects the {@link EventStore}. */
export const EVENT_STORE = Symbol('EventStore');

/** An append-only log of streams. */
export interface EventStore {
  /** Whether nobody else can write to this log while it is open: what this process has seen is then the head. */
  readonly soleWriter: boolean;
  /** The most bytes one atomic append may carry, see {@link sizeOf}. */
  readonly maxAppendBytes: number;
  /** Why nothing can be written for now, and what to do; undefined while it can, as far as is known. */
  readonly trouble: string | undefined;
  /** Says that a disk has failed on which the log may be as well: finds out whether the log can be written, without waiting for an append. */
  doubt(): void;
  /** Identifies this very log; another one after it was replaced. */
  logId(): Promise<string>;
  /**
   * Appends all events to one stream, or none.
   * The very same append again succeeds and writes nothing.
   * @param expectedRevision the stream's revision before the append; NO_STREAM when it has no events
   * @throws RevisionConflict also when only some of the events are there already
   * @throws StoreUnavailable when the outcome is unknown
   */
  append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void>;
  /** Reads a stream from after a revision to its head, in pages; a stream that does not exist has no pages. */
  readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]>;
  /** Reads all streams whose names start with `prefix`, from after a position to the end, in the order of the log. */
  readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * Like {@link readAll}, but goes on with what is appended later, until the signal aborts.
   * Each event at least once and in order. Shows every {@link HEARTBEAT_MS} at least that the log is within reach.
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

/** 1 MiB, what an EventStoreDB server takes by default, less a margin for framing; the same on every store. */
export const MAX_APPEND_BYTES = 1024 * 1024 - 64 * 1024;
