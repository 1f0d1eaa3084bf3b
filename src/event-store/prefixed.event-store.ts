import type { Delivery, EventStore, Position, ProposedEvent } from './event-store.js';
import { PrefixedLogReader } from './prefixed-log-reader.js';

/** The streams of a log whose names start with a prefix, as a log of their own. */
export class PrefixedEventStore extends PrefixedLogReader implements EventStore {
  readonly soleWriter: boolean;
  readonly maxAppendBytes: number;

  constructor(
    protected override readonly whole: EventStore,
    prefix: string,
  ) {
    super(whole, prefix);
    this.soleWriter = whole.soleWriter;
    this.maxAppendBytes = whole.maxAppendBytes;
  }

  get trouble(): string | undefined {
    return this.whole.trouble;
  }

  doubt(): void {
    this.whole.doubt();
  }

  override async logId(): Promise<string> {
    return `${await this.whole.logId()}/${this.prefix}`;
  }

  append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void> {
    return this.whole.append(this.prefix + stream, expectedRevision, events);
  }

  idAt(position: Position): Promise<string | undefined> {
    return this.whole.idAt(position);
  }

  async *subscribe(
    prefix: string,
    after: Position | undefined,
    signal: AbortSignal,
  ): AsyncIterable<Delivery> {
    for await (const delivery of this.whole.subscribe(this.prefix + prefix, after, signal))
      yield { ...delivery, events: this.shorten(delivery.events) };
  }
}
