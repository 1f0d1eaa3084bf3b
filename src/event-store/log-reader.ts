import type { EventStore } from './event-store.js';

/** What is wrong in a log. */
export interface LogDamage {
  /** The stream it is in; none when it is not known or not of one stream. */
  readonly stream?: string;
  readonly revision?: number;
  /** What it is; the end of a sentence. */
  readonly what: string;
}

/** A log that is only read: nothing is written, not even the identity of a log that nobody has given one. */
export interface LogReader extends Pick<EventStore, 'readStream' | 'readAll' | 'close'> {
  /** Identifies the log; undefined as long as it has no id. */
  logId(): Promise<string | undefined>;
  /** What only the store can know to be wrong with streams whose names start with `prefix`, or with all of them. */
  damages?(prefix: string): Iterable<LogDamage>;
}
