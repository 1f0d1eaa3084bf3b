import { accountStream } from '../event-store/codec.js';
import { type EventStore, NO_STREAM, type RecordedEvent, sizeOf } from '../event-store/event-store.js';

/** How far back the first look goes, in events. */
const FIRST_LOOK = 500;

type Store = Pick<EventStore, 'readStream'>;

/**
 * How many bytes the events of an account have that were recorded since a time, up to a revision. It looks back from
 * there, further each time, so that it costs about as much as those events.
 * @param since in milliseconds since the epoch
 * @throws StoreUnavailable
 */
export async function bytesSince(
  store: Store,
  account: string,
  head: number,
  since: number,
): Promise<number> {
  const stream = accountStream(account);
  let after = head;
  for (let back = FIRST_LOOK; after > NO_STREAM; back *= 4) {
    after = Math.max(head - back, NO_STREAM);
    const first = await firstAfter(store, stream, after);
    if (!first || timeOf(first) < since) break;
  }
  let bytes = 0;
  for await (const page of store.readStream(stream, after)) {
    for (const event of page) {
      if (event.revision > head) return bytes;
      if (timeOf(event) >= since) bytes += sizeOf(event);
    }
    await new Promise(setImmediate);
  }
  return bytes;
}

async function firstAfter(store: Store, stream: string, after: number): Promise<RecordedEvent | undefined> {
  for await (const page of store.readStream(stream, after)) return page[0];
  return undefined;
}

/** Every version of the metadata has the time. What cannot be read counts as old. */
function timeOf({ metadata }: RecordedEvent): number {
  try {
    const { time } = JSON.parse(metadata) as { readonly time?: string };
    return Date.parse(time ?? '') || 0;
  } catch {
    return 0;
  }
}
