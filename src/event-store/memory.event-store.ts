import { randomUUID } from 'node:crypto';
import { checkAppend } from './append-check.js';
import {
  type Delivery,
  type EventStore,
  MAX_APPEND_BYTES,
  PAGE_BYTES,
  type Position,
  type ProposedEvent,
  type RecordedEvent,
  sizeOf,
} from './event-store.js';
import { follow } from './follow.js';
import { Signal } from './signal.js';

const PAGE = 500;

/**
 * A log that lives as long as its process. It serves tests, including tests with several writers on one log.
 */
export class MemoryEventStore implements EventStore {
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  readonly trouble = undefined;
  private readonly id = randomUUID();
  private readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly appended = new Signal();

  /** @param soleWriter false when several writers share this log */
  constructor(readonly soleWriter = true) {}

  doubt(): void {
    // The log is on no disk.
  }

  logId(): Promise<string> {
    return Promise.resolve(this.id);
  }

  async append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void> {
    await Promise.resolve();
    const recorded = this.streams.get(stream) ?? [];
    const head = recorded.length - 1;
    if (
      checkAppend(stream, head, expectedRevision, events, (revision) => recorded[revision]?.id) === 'repeat'
    )
      return;
    for (const event of events) {
      const record = { ...event, stream, revision: recorded.length, position: String(this.log.length + 1) };
      recorded.push(record);
      this.log.push(record);
    }
    this.streams.set(stream, recorded);
    this.appended.raise();
  }

  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    const recorded = this.streams.get(stream) ?? [];
    for (let page = pageOf(recorded, after + 1); page.length > 0;) {
      await Promise.resolve();
      yield page;
      page = pageOf(recorded, (page.at(-1)?.revision ?? 0) + 1);
    }
  }

  async *readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    for (let all = pageOf(this.log, Number(after ?? 0)); all.length > 0;) {
      await Promise.resolve();
      const page = all.filter(({ stream }) => stream.startsWith(prefix));
      if (page.length > 0) yield page;
      all = pageOf(this.log, Number(all.at(-1)?.position));
    }
  }

  idAt(position: Position): Promise<string | undefined> {
    return Promise.resolve(this.log[Number(position) - 1]?.id);
  }

  subscribe(prefix: string, after: Position | undefined, signal: AbortSignal): AsyncIterable<Delivery> {
    return follow((from) => this.readAll(prefix, from), this.appended, after, signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function pageOf(events: readonly RecordedEvent[], from: number): readonly RecordedEvent[] {
  let [to, bytes] = [from, 0];
  for (let event = events[to]; event && to - from < PAGE && bytes < PAGE_BYTES; event = events[to]) {
    bytes += sizeOf(event);
    to += 1;
  }
  return events.slice(from, to);
}
