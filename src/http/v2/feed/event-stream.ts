import { Rejection } from '../../../domain/rejection.js';
import type { Watch } from '../../../feed/watch.js';
import type { Cursor, PieceSize, Reading, SentEvent } from './reading.js';
import { Turn } from './turn.js';

/** The times of a stream, in milliseconds. */
export interface StreamTimes {
  /** After such a silence a comment is sent. */
  readonly commentMs: number;
  /** So long after the last cursor another one is sent, if it has moved. */
  readonly positionMs: number;
  /** The monotonic clock. */
  readonly now: () => number;
}

export const streamTimes: StreamTimes = {
  commentMs: 10_000,
  positionMs: 15_000,
  now: () => performance.now(),
};

/** A piece with more characters is held in memory by a few readers at a time only. */
export const LARGE = 64 * 1024;

/** The most that is taken at a time: it is all that waits in memory for a slow reader. */
const PIECE: PieceSize = { limit: 500, characters: 256 * 1024 };
/** So much is handed over at a time, in characters: it shows how fast a slow reader is. */
const CHUNK = 16 * 1024;

/**
 * A feed as server-sent events (WHATWG HTML, section 9.2). It ends when the signal aborts, and when its reader may not
 * read on.
 * @param watchOf begins to listen for news of what is read
 * @param take waits for the turn of something large; what it returns ends the turn
 */
export async function* eventStream(
  reading: Reading,
  watchOf: () => Pick<Watch, 'news' | 'end'>,
  take: () => Promise<() => void>,
  signal: AbortSignal,
  { commentMs, positionMs, now }: StreamTimes = streamTimes,
): AsyncGenerator<string> {
  let [told, toldAt, writtenAt] = [reading.cursor, now(), now()];
  const watch = watchOf();
  let turn: Turn | undefined;
  try {
    // The answer begins with its first byte.
    yield ':\n\n';
    while (!signal.aborted) {
      if (!reading.isAtHead) {
        turn = new Turn(take);
        while (!(await turn.comes(writtenAt + commentMs - now(), signal))) {
          yield ':\n\n';
          writtenAt = now();
        }
      }
      const events = await reading.next(PIECE, signal);
      if (events.length > 0) {
        if (isLarge(events)) turn ??= new Turn(take);
        while (turn && !(await turn.comes(writtenAt + commentMs - now(), signal))) {
          yield ':\n\n';
          writtenAt = now();
        }
        yield* chunksOf(events);
        [told, toldAt, writtenAt] = [events.at(-1)?.cursor ?? told, now(), now()];
      } else if (reading.cursor !== told && now() - toldAt >= positionMs) {
        const { cursor } = reading;
        yield frame(cursor, 'position', JSON.stringify({ cursor }));
        [told, toldAt, writtenAt] = [cursor, now(), now()];
      } else if (now() - writtenAt >= commentMs) {
        yield ':\n\n';
        writtenAt = now();
      }
      turn?.end();
      turn = undefined;
      if (!reading.isAtHead) continue;
      const nextMark = reading.cursor === told ? Infinity : toldAt + positionMs;
      const wait = Math.min(writtenAt + commentMs - now(), nextMark - now(), reading.patienceMs);
      await watch.news(Math.max(0, wait), signal);
    }
  } catch (error) {
    // Who opens the stream again hears why.
    if (!signal.aborted && !(error instanceof Rejection)) throw error;
  } finally {
    turn?.end();
    watch.end();
  }
}

export function isLarge(events: readonly SentEvent[]): boolean {
  return events.reduce((sum, { text }) => sum + text.length, 0) > LARGE;
}

function* chunksOf(events: readonly SentEvent[]): Generator<string> {
  let chunk = '';
  for (const { cursor, type, text } of events) {
    chunk += frame(cursor, type, text);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function frame(cursor: Cursor, event: string, data: string): string {
  return `id: ${cursor}\nevent: ${event}\ndata: ${data}\n\n`;
}
