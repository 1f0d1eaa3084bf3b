import type { Position, RecordedEvent } from './event-store.js';
import type { LogDamage, LogReader } from './log-reader.js';

/** The streams of a log whose names start with a prefix, read like a log of their own. */
export class PrefixedLogReader implements LogReader {
  constructor(
    protected readonly whole: LogReader,
    protected readonly prefix: string,
  ) {}

  async logId(): Promise<string | undefined> {
    const id = await this.whole.logId();
    return id === undefined ? undefined : `${id}/${this.prefix}`;
  }

  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.whole.readStream(this.prefix + stream, after)) yield this.shorten(page);
  }

  async *readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.whole.readAll(this.prefix + prefix, after)) yield this.shorten(page);
  }

  *damages(prefix: string): Iterable<LogDamage> {
    for (const { stream, ...damage } of this.whole.damages?.(this.prefix + prefix) ?? [])
      yield stream === undefined ? damage : { ...damage, stream: stream.slice(this.prefix.length) };
  }

  close(): Promise<void> {
    return this.whole.close();
  }

  protected shorten(events: readonly RecordedEvent[]): RecordedEvent[] {
    return events.map((event) => ({ ...event, stream: event.stream.slice(this.prefix.length) }));
  }
}
