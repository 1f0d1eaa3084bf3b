import { accountStreams } from '../../src/event-store/codec.js';
import { type EventStore, type ProposedEvent, StoreUnavailable } from '../../src/event-store/event-store.js';
import { copyLog, type CopyOptions } from '../../src/event-store/log-copy.js';
import { drain, propose } from '../support/log.js';

export const [a, b, c] = ['a', 'b', 'c'].map((name) => accountStreams + name) as [string, string, string];

/** Appends one event a stream named, in that order. */
export async function write(store: EventStore, streams: readonly string[]): Promise<void> {
  for (const stream of streams) await add(store, stream, [propose({ stream })]);
}

/** Appends at the head, wherever that is. */
export async function add(
  store: EventStore,
  stream: string,
  events: readonly ProposedEvent[],
): Promise<void> {
  const { length } = await drain(store.readStream(stream, -1));
  await store.append(stream, length - 1, events);
}

/** Everything that is recorded of accounts, in the order of the log; positions are each log's own. */
export async function contents(store: EventStore) {
  const events = await drain(store.readAll(accountStreams));
  return events.map(({ stream, revision, id, type, data, metadata }) => {
    return { stream, revision, id, type, data, metadata };
  });
}

/** Copies with so many more tries and without pauses between them. */
export function copy(source: EventStore, target: EventStore, options: CopyOptions & { tries?: number } = {}) {
  const { tries = 0, ...others } = options;
  return copyLog(source, target, { retries: { most: tries, from: 0, to: 0 }, ...others });
}

export function lose(): never {
  throw new StoreUnavailable('The connection was lost');
}
