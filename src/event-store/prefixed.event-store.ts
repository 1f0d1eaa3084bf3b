import type { Delivery, EventStore, Position, ProposedEvent, RecordedEvent } from './event-store.js';

/** The part of a log whose streams have names that start with a prefix, as if it were a log of its own. */
export class PrefixedEventStore implements EventStore {
  readonly soleWriter: boolean;
  readonly maxAppendBytes: number;

  constructor(
    private readonly whole: EventStore,
    private readonly prefix: string,
  ) {
    this.soleWriter = whole.soleWriter;
    this.maxAppendBytes = whole.maxAppendBytes;
  }

  get trouble(): string | undefined {
    return this.whole.trouble;
  }

  doubt(): void {
    this.whole.doubt();
  }

  async logId(): Promise<string> {
    return `${await this.whole.logId()}/${this.prefix}`;
  }

  append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void> {
    return this.whole.append(this.prefix + stream, expectedRevision, events);
  }

  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.whole.readStream(this.prefix + stream, after)) yield this.shorten(page);
  }

  async *readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.whole.readAll(this.prefix + prefix, after)) yield this.shorten(page);
  }

  async *subscribe(
    prefix: string,
    after: Position | undefined,
    signal: AbortSignal,
  ): AsyncIterable<Delivery> {
    for await (const delivery of this.whole.subscribe(this.prefix + prefix, after, signal))
      yield { ...delivery, events: this.shorten(delivery.events) };
  }

  close(): Promise<void> {
    return this.whole.close();
  }

  private shorten(events: readonly RecordedEvent[]): RecordedEvent[] {
    return events.map((event) => ({ ...event, stream: event.stream.slice(this.prefix.length) }));
  }
}
