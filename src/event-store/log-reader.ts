import type { EventStore } from './event-store.js';

/** A fault in a log. */
export interface LogDamage {
  /** The stream with the fault; none when it is unknown or the fault is not in one stream. */
  readonly stream?: string;
  readonly revision?: number;
  /** Says what the fault is, as the end of a sentence. */
  readonly what: string;
}

/** A log that is only read. Nothing is written to it, not even an id that it lacks. */
export interface LogReader extends Pick<EventStore, 'readStream' | 'readAll' | 'close'> {
  /** Identifies the log; undefined while it has no id. */
  logId(): Promise<string | undefined>;
  /** The faults that only the store can find, in streams whose names start with `prefix` or in all. */
  damages?(prefix: string): Iterable<LogDamage>;
}
