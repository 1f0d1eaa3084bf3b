import { Rejection } from '../../../domain/rejection.js';
import type { Watch } from '../../../feed/watch.js';
import type { Cursor, Reading } from './reading.js';

/** The times of a stream, in milliseconds. */
export interface StreamTimes {
  /** After such a silence a comment is sent. */
  readonly commentMs: number;
  /** So long after the last cursor another one is sent, if it has moved. */
  readonly positionMs: number;
}

export const streamTimes: StreamTimes = { commentMs: 10_000, positionMs: 15_000 };

/** The most events that are taken at a time: they are all that waits in memory for a slow reader. */
const PIECE = 100;

/**
 * A feed as server-sent events (WHATWG HTML, section 9.2). It ends when the signal aborts, and when its reader may not
 * read on.
 * @param watchOf begins to listen for news of what is read
 */
export async function* eventStream(
  reading: Reading,
  watchOf: () => Watch,
  signal: AbortSignal,
  { commentMs, positionMs }: StreamTimes = streamTimes,
): AsyncGenerator<string> {
  let [told, toldAt, writtenAt] = [reading.cursor, now(), now()];
  const watch = watchOf();
  try {
    // The answer begins with its first byte.
    yield ':\n\n';
    while (!signal.aborted) {
      const events = await reading.next(PIECE, signal);
      if (events.length > 0) {
        yield events.map(({ cursor, type, text }) => frame(cursor, type, text)).join('');
        [told, toldAt, writtenAt] = [events.at(-1)?.cursor ?? told, now(), now()];
      } else if (reading.cursor !== told && now() - toldAt >= positionMs) {
        const { cursor } = reading;
        yield frame(cursor, 'position', JSON.stringify({ cursor }));
        [told, toldAt, writtenAt] = [cursor, now(), now()];
      } else if (now() - writtenAt >= commentMs) {
        yield ':\n\n';
        writtenAt = now();
      }
      if (!reading.isAtHead) continue;
      const nextMark = reading.cursor === told ? Infinity : toldAt + positionMs;
      await watch.news(Math.max(0, Math.min(writtenAt + commentMs, nextMark) - now()), signal);
    }
  } catch (error) {
    // Who opens the stream again hears why.
    if (!signal.aborted && !(error instanceof Rejection)) throw error;
  } finally {
    watch.end();
  }
}

function frame(cursor: Cursor, event: string, data: string): string {
  return `id: ${cursor}\nevent: ${event}\ndata: ${data}\n\n`;
}

function now(): number {
  return performance.now();
}
