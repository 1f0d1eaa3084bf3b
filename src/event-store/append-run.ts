import { type ProposedEvent, type RecordedEvent, sizeOf } from './event-store.js';

/** Consecutive events of one stream, for one append. */
export interface AppendRun {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly ProposedEvent[];
}

const MOST_EVENTS = 500;

/**
 * Cuts a log into runs, in its order. The events of a run lie side by side in the log and in their stream.
 * @param maxBytes the most bytes of a run with more than one event
 */
export async function* runsOf(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  maxBytes: number,
): AsyncIterable<AppendRun> {
  let run: { stream: string; expectedRevision: number; events: ProposedEvent[] } | undefined;
  let bytes = 0;
  for await (const page of pages)
    for (const { stream, revision, id, type, data, metadata } of page) {
      const event = { id, type, data, metadata };
      const size = sizeOf(event);
      if (run && (run.stream !== stream || run.events.length === MOST_EVENTS || bytes + size > maxBytes)) {
        yield run;
        run = undefined;
      }
      if (!run) bytes = 0;
      run ??= { stream, expectedRevision: revision - 1, events: [] };
      run.events.push(event);
      bytes += size;
    }
  if (run) yield run;
}
