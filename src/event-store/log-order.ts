import { NO_STREAM, type RecordedEvent } from './event-store.js';
import { chained, type StreamHash } from './log-hash.js';
import type { LogDamage } from './log-reader.js';

/**
 * Checks the order of a log that is read event by event. Each event must follow the one before
 * it in its stream.
 */
export class LogOrder {
  readonly streams = new Map<string, StreamHash>();
  private count = 0;

  get events(): number {
    return this.count;
  }

  /** Takes the next event of the log. @returns what is wrong with its place */
  add(event: RecordedEvent): LogDamage | undefined {
    const { stream, revision } = event;
    const { head, hash } = this.streams.get(stream) ?? { head: NO_STREAM, hash: '' };
    this.streams.set(stream, { head: Math.max(head, revision), hash: chained(hash, event) });
    this.count += 1;
    if (revision === head + 1) return undefined;
    if (revision <= head) return { stream, revision, what: `it comes after revision ${head}, out of order` };
    const missing =
      revision === head + 2 ? `event ${head + 1} is` : `events ${head + 1} to ${revision - 1} are`;
    return { stream, revision: head + 1, what: `${missing} missing` };
  }
}
