import { NO_STREAM, type RecordedEvent, sizeOf } from './event-store.js';
import { LogHash } from './log-hash.js';

/**
 * Either the logs do not fit together and nothing was written, or another process writes to the target. The
 * message says what to do.
 */
export class LogCopyRefused extends Error {}

/** The logs are not the same after the copy. */
export class LogsDiffer extends Error {}

const HINT = 'copy to a log that is empty, or that holds a part of this very source';

/**
 * Checks that a log can be completed from a source: each of its streams is the beginning of the source's.
 * @param source all events of the source
 * @param maxBytes the most bytes of an event that the log takes
 * @returns the number of events in the source
 * @throws LogCopyRefused
 */
export async function checkBeginning(
  target: LogHash,
  source: AsyncIterable<readonly RecordedEvent[]>,
  maxBytes: number,
): Promise<number> {
  const whole = new LogHash();
  for await (const page of source)
    for (const event of page) {
      const { stream, revision } = event;
      const { hash } = whole.add(event);
      const held = target.streams.get(stream);
      if (held?.head === revision && held.hash !== hash)
        throw new LogCopyRefused(
          `Stream ${stream} has other events in the target than in the source; ${HINT}`,
        );
      if (revision > (held?.head ?? NO_STREAM) && sizeOf(event) > maxBytes)
        throw new LogCopyRefused(
          `Event ${String(revision)} of stream ${stream} has ${String(sizeOf(event))} bytes, the target takes ${String(maxBytes)}; choose a store that takes more`,
        );
    }
  for (const [stream, { head }] of target.streams) {
    const count = (whole.streams.get(stream)?.head ?? NO_STREAM) + 1;
    if (head >= count)
      throw new LogCopyRefused(
        `Stream ${stream} has ${String(head + 1)} events in the target, but ${String(count)} in the source; ${HINT}`,
      );
  }
  if (whole.events === 0)
    throw new LogCopyRefused('The source holds no accounts; check its address and its stream prefix');
  return whole.events;
}

/** @throws LogsDiffer that names the first stream that differs */
export function checkSame(source: LogHash, target: LogHash): void {
  if (source.digest() === target.digest()) return;
  const streams = new Set([...source.streams.keys(), ...target.streams.keys()]);
  for (const stream of streams) {
    const [from, to] = [source.streams.get(stream), target.streams.get(stream)];
    if (from?.hash === to?.hash) continue;
    const [read, written] = [from, to].map((one) => String((one?.head ?? NO_STREAM) + 1));
    throw new LogsDiffer(
      `Stream ${stream} is not the same in both logs: ${String(read)} events in the source, ${String(written)} in the target; ` +
        'stop whatever writes to either, and copy to an empty log',
    );
  }
}
