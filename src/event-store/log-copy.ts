import { setImmediate } from 'node:timers/promises';
import { AppendPipeline, defaultRetries, type Retries } from './append-pipeline.js';
import { runsOf } from './append-run.js';
import { accountStreams } from './codec.js';
import { type EventStore, NO_STREAM, type RecordedEvent, RevisionConflict } from './event-store.js';
import { checkBeginning, checkSame, LogCopyRefused } from './log-comparison.js';
import { LogHash } from './log-hash.js';

/** What is going on: reading both logs, writing what the target lacks, reading both again. */
export type CopyStep = 'read' | 'copy' | 'check';

export interface CopyOptions {
  /** Stops the copy after what is under way; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Hears how many events of a step are done, of how many if that is known. */
  readonly onProgress?: (step: CopyStep, done: number, total?: number) => void;
  /** For an append that the target did not answer. */
  readonly retries?: Retries;
}

export interface CopyResult {
  readonly events: number;
  readonly streams: number;
  /** The hash that both logs have, in hexadecimal. */
  readonly hash: string;
  /** How many of the events this copy has written. */
  readonly written: number;
  /** Whether the events of different streams lie in the same order, too. */
  readonly isSameOrder: boolean;
}

type Pages = AsyncIterable<readonly RecordedEvent[]>;

/**
 * Copies the streams of all accounts: the same revisions, ids, types, data and metadata, in the order of the log.
 * A target that holds a part of the source already is completed; at the end both are read again and compared.
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

/** Reads the log of all accounts and lets the event loop turn between pages, so that a stop is heard. */
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

/** What a log does not hold yet. */
async function* lacking(held: LogHash, pages: Pages): Pages {
  for await (const page of pages)
    yield page.filter(({ stream, revision }) => revision > (held.streams.get(stream)?.head ?? NO_STREAM));
}

/** However it ends, nothing is under way any more then. */
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
