import type { Position, RecordedEvent } from './event-store.js';
import type { Signal } from './signal.js';

/** Turns reads to the end of a log into a subscription: reads, waits for the next append, reads on. */
export async function* follow(
  readAll: (after: Position | undefined) => AsyncIterable<readonly RecordedEvent[]>,
  appended: Signal,
  after: Position | undefined,
  signal: AbortSignal,
): AsyncIterable<readonly RecordedEvent[]> {
  signal.addEventListener('abort', () => appended.raise(), { once: true });
  let position = after;
  const stopped = () => signal.aborted;
  while (!stopped()) {
    const next = appended.raised();
    for await (const page of readAll(position)) {
      if (stopped()) return;
      yield page;
      if (stopped()) return;
      position = page.at(-1)?.position ?? position;
    }
    yield [];
    await next;
  }
}
