import { randomUUID } from 'node:crypto';
import { Signal } from '../../../src/event-store/signal.js';

/** The revision a writer expects of a stream before its append. */
export type Expected = number | 'no_stream' | 'any' | 'stream_exists';

/** An event as it arrives on the wire. */
export interface PeerEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event in the log; commit and prepare position are the same number. */
export interface LoggedEvent extends PeerEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** When it was written, in 100 ns since the Unix epoch. */
  readonly created: string;
}

/** What became of an append; `revision` and `current` are -1 for a stream without events. */
export type Outcome =
  | { readonly type: 'written'; readonly revision: number; readonly position: number | undefined }
  | { readonly type: 'wrong-expected-version'; readonly expected: Expected; readonly current: number };

/** What bounds a stream. */
interface StreamMetadata {
  readonly $maxAge?: number;
  readonly $maxCount?: number;
  readonly $tb?: number;
}

const FIRST_POSITION = 1_113;
const FRAME_BYTES = 96;
const WRITES_PER_SYSTEM_EVENT = 3;

/** The log of a server in memory, with its rules of idempotency and with system events between the others. */
export class PeerLog {
  /** Every event in the order of $all, system events too. */
  readonly all: LoggedEvent[] = [];
  readonly appended = new Signal();
  private readonly streams = new Map<string, LoggedEvent[]>();
  private readonly beginnings = new Map<string, number>();
  private end = FIRST_POSITION;
  private writes = 0;

  constructor() {
    this.recordSystemEvent('$users', '$UserCreated');
    this.recordSystemEvent('$settings', '$metadata');
  }

  /** The events of a stream by revision; none if there is no such stream. */
  of(stream: string): readonly LoggedEvent[] {
    return this.streams.get(stream) ?? [];
  }

  /** The first revision of a stream that can still be read. */
  beginningOf(stream: string): number {
    const { $tb = 0 } = this.metadataOf(stream);
    return Math.max(this.beginnings.get(stream) ?? 0, $tb, this.expired(stream));
  }
  /** Has the events of a stream been written so many seconds earlier. */
  age(stream: string, seconds: number): void {
    const earlier = BigInt(seconds) * 10_000_000n;
    for (const event of this.streams.get(stream) ?? [])
      Object.assign(event, { created: String(BigInt(event.created) - earlier) });
  }
  /** Makes the events before a revision unreadable, as `$tb` in a stream's metadata does. */
  truncate(stream: string, before: number): void {
    this.beginnings.set(stream, before);
  }

  /** Appends all events or none; a repeat of the same ids at the same revision gives the first outcome again. */
  append(stream: string, expected: Expected, events: readonly PeerEvent[]): Outcome {
    const current = this.of(stream).length - 1;
    const after = revisionBefore(expected, current);
    if (after === undefined || after > current) return { type: 'wrong-expected-version', expected, current };
    if (after < current) {
      if (!this.holds(stream, after, events)) return { type: 'wrong-expected-version', expected, current };
      return this.written(stream, after + events.length);
    }
    for (const event of events) this.record(stream, event);
    if (events.length > 0 && ++this.writes % WRITES_PER_SYSTEM_EVENT === 0)
      this.recordSystemEvent('$stats-0.0.0.0:2113', '$statsCollected');
    this.appended.raise();
    return this.written(stream, after + events.length);
  }

  /** How many events of a stream are older than `$maxAge` in its metadata, in seconds, or beyond its `$maxCount`. */
  private expired(stream: string): number {
    const { $maxAge, $maxCount } = this.metadataOf(stream);
    const events = this.of(stream);
    const beyond = $maxCount === undefined ? 0 : Math.max(events.length - $maxCount, 0);
    if ($maxAge === undefined) return beyond;
    const oldest = BigInt(Date.now() - $maxAge * 1000) * 10_000n;
    const first = events.findIndex(({ created }) => BigInt(created) >= oldest);
    return Math.max(first < 0 ? events.length : first, beyond);
  }
  private metadataOf(stream: string): StreamMetadata {
    const metadata = Buffer.from(this.of(`$$${stream}`).at(-1)?.data ?? []).toString() || '{}';
    return JSON.parse(metadata) as StreamMetadata;
  }
  private written(stream: string, revision: number): Outcome {
    return { type: 'written', revision, position: this.of(stream)[revision]?.position };
  }
  /** Whether these very events, told by their ids, are what came after a revision. */
  private holds(stream: string, after: number, events: readonly PeerEvent[]): boolean {
    const recorded = this.of(stream);
    return events.length > 0 && events.every(({ id }, index) => recorded[after + 1 + index]?.id === id);
  }
  private record(stream: string, event: PeerEvent): void {
    const recorded = this.streams.get(stream) ?? [];
    const logged: LoggedEvent = {
      ...event,
      stream,
      revision: recorded.length,
      position: this.end,
      created: String(BigInt(Date.now()) * 10_000n),
    };
    this.end += FRAME_BYTES + stream.length + event.type.length + event.data.length + event.metadata.length;
    recorded.push(logged);
    this.streams.set(stream, recorded);
    this.all.push(logged);
  }
  private recordSystemEvent(stream: string, type: string): void {
    const data = Buffer.from('{}');
    const contentType = 'application/json';
    this.record(stream, { id: randomUUID(), type, contentType, data, metadata: Buffer.alloc(0) });
  }
}

/** The revision the events are to come after; undefined when the expectation cannot be met. */
function revisionBefore(expected: Expected, current: number): number | undefined {
  if (expected === 'any') return current;
  if (expected === 'stream_exists') return current >= 0 ? current : undefined;
  return expected === 'no_stream' ? -1 : expected;
}
