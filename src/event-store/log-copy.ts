import { setImmediate } from 'node:timers/promises';
import { AppendPipeline, defaultRetries, type Retries } from './append-pipeline.js';
import { runsOf } from './append-run.js';
import { accountStreams } from './codec.js';
import { type EventStore, NO_STREAM, type RecordedEvent, RevisionConflict } from './event-store.js';
import { checkBeginning, checkSame, LogCopyRefused } from './log-comparison.js';
import { LogHash } from './log-hash.js';

/** The step of a copy: reading both logs, writing what the target lacks, or reading both again. */
export type CopyStep = 'read' | 'copy' | 'check';

export interface CopyOptions {
  /** Stops the copy once the work under way is done. The copy then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Hears how many events of a step are done, and their total number if it is known. */
  readonly onProgress?: (step: CopyStep, done: number, total?: number) => void;
  /** How an append is repeated that the target did not answer. */
  readonly retries?: Retries;
}

export interface CopyResult {
  readonly events: number;
  readonly streams: number;
  /** The hash that both logs have, in hexadecimal. */
  readonly hash: string;
  /** The number of events that this copy has written. */
  readonly written: number;
  /** Whether the events of different streams also lie in the same order. */
  readonly isSameOrder: boolean;
}

type Pages = AsyncIterable<readonly RecordedEvent[]>;

/**
 * Copies the streams of all accounts in the order of the log, with the same revisions, ids, types,
 * data and metadata. A target that holds a part of the source is completed. At the end both logs are
 * read again and compared.
 * @throws LogCopyRefused when the target holds something else; nothing is written then
 * @throws LogsDiffer when the logs are not the same at the end
 * @throws StoreUnavailable when a store is lost; the copy can be repeated
 */
export async function copyLog(
  source: EventStore,
  target: EventStore,
  {
    signal = new AbortController().signal,
    onProgress = () => undefined,
    retries = defaultRetries,
  }: CopyOptions = {},
): Promise<CopyResult> {
  const read = (store: EventStore, onRead: (events: number) => void) => accountPages(store, signal, onRead);

  const held = await hashOf(read(target, (events) => onProgress('read', events)));
  const all = read(source, (events) => onProgress('read', held.events + events));
  const total = await checkBeginning(held, all, target.maxAppendBytes);

  const pipeline = new AppendPipeline(target, signal, retries);
  onProgress('copy', held.events, total);
  const copied = () => onProgress('copy', held.events + pipeline.events, total);
  await write(lacking(held, read(source, copied)), target.maxAppendBytes, pipeline);
  copied();

  const from = await hashOf(read(source, (events) => onProgress('check', events, 2 * total)));
  const to = await hashOf(read(target, (events) => onProgress('check', from.events + events, 2 * total)));
  checkSame(from, to);
  return {
    events: to.events,
    streams: to.streams.size,
    hash: to.digest(),
    written: pipeline.events,
    isSameOrder: from.orderDigest() === to.orderDigest(),
  };
}

/** Reads the log of all accounts. The event loop turns between pages, so that a stop is heard. */
async function* accountPages(
  store: EventStore,
  signal: AbortSignal,
  onRead: (events: number) => void,
): Pages {
  let events = 0;
  for await (const page of store.readAll(accountStreams)) {
    signal.throwIfAborted();
    yield page;
    onRead((events += page.length));
    await setImmediate();
  }
}

async function hashOf(pages: Pages): Promise<LogHash> {
  const hash = new LogHash();
  for await (const page of pages) for (const event of page) hash.add(event);
  return hash;
}

/** The events that a log does not hold yet. */
async function* lacking(held: LogHash, pages: Pages): Pages {
  for await (const page of pages)
    yield page.filter(({ stream, revision }) => revision > (held.streams.get(stream)?.head ?? NO_STREAM));
}

/** Writes events. When it ends, with or without an error, no append is under way. */
async function write(events: Pages, maxBytes: number, pipeline: AppendPipeline): Promise<void> {
  try {
    for await (const run of runsOf(events, maxBytes)) await pipeline.add(run);
    await pipeline.settle();
  } catch (error) {
    await pipeline.idle();
    if (error instanceof RevisionConflict)
      throw new LogCopyRefused(
        `${error.message}: somebody else writes to the target; stop that and copy again`,
      );
    throw error;
  }
}
