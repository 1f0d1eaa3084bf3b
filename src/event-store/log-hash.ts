import { createHash } from 'node:crypto';
import { NO_STREAM, type RecordedEvent, StoreUnusable } from './event-store.js';

/** A stream up to its head, with the hash of all its events. */
export interface StreamHash {
  readonly head: number;
  readonly hash: string;
}

/**
 * The hash of a stream with its next event, in hexadecimal. It is made from the hash before, which
 * is empty at first.
 */
export function chained(before: string, { revision, id, type, data, metadata }: RecordedEvent): string {
  return createHash('sha256')
    .update(before)
    .update(JSON.stringify([revision, id, type, data, metadata]))
    .digest('hex');
}

/**
 * The hash of a log that is read event by event. Logs with the same streams and events have the same
 * hash in any store.
 */
export class LogHash {
  private readonly heads = new Map<string, StreamHash>();
  private readonly ids = createHash('sha256');
  private count = 0;

  get events(): number {
    return this.count;
  }

  /** The streams in the order of their first events. */
  get streams(): ReadonlyMap<string, StreamHash> {
    return this.heads;
  }

  /**
   * Takes the next event of the log.
   * @returns its stream, including the event
   * @throws StoreUnusable when the preceding event of the stream is missing
   */
  add(event: RecordedEvent): StreamHash {
    const { stream, revision, id } = event;
    const before = this.heads.get(stream) ?? { head: NO_STREAM, hash: '' };
    if (revision !== before.head + 1)
      throw new StoreUnusable(
        `Stream ${stream} has a gap: event ${String(revision)} comes after ${String(before.head)}; restore the log from a backup`,
      );
    const after = { head: revision, hash: chained(before.hash, event) };
    this.heads.set(stream, after);
    this.ids.update(`${id}\n`);
    this.count++;
    return after;
  }

  /** The hash of all streams, in hexadecimal. The order of events of different streams does not change it. */
  digest(): string {
    const hash = createHash('sha256');
    for (const stream of [...this.heads.keys()].sort())
      hash.update(JSON.stringify([stream, this.heads.get(stream)?.hash]));
    return hash.digest('hex');
  }

  /** The hash of the ids in the order of the log, in hexadecimal. */
  orderDigest(): string {
    return this.ids.copy().digest('hex');
  }
}
