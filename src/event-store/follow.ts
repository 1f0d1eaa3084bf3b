import { type Delivery, HEARTBEAT_MS, type Position, type RecordedEvent } from './event-store.js';
import type { Signal } from './signal.js';

/** Turns reads to the end of a log into a subscription. It reads, waits for the next append and reads on. */
export async function* follow(
  readAll: (after: Position | undefined) => AsyncIterable<readonly RecordedEvent[]>,
  appended: Signal,
  after: Position | undefined,
  signal: AbortSignal,
): AsyncIterable<Delivery> {
  signal.addEventListener('abort', () => appended.raise(), { once: true });
  const heartbeat = setInterval(() => appended.raise(), HEARTBEAT_MS).unref();
  let position = after;
  const stopped = () => signal.aborted;
  try {
    while (!stopped()) {
      const next = appended.raised();
      for await (const events of readAll(position)) {
        if (stopped()) return;
        position = events.at(-1)?.position ?? position;
        yield { events, position, isCaughtUp: false };
        if (stopped()) return;
      }
      yield { events: [], position: undefined, isCaughtUp: true };
      await next;
    }
  } finally {
    clearInterval(heartbeat);
  }
}
