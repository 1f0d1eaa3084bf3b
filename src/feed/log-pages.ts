import { LRUCache } from 'lru-cache';
import { accountStreams } from '../event-store/codec.js';
import type { EventStore, Position, RecordedEvent } from '../event-store/event-store.js';

/** How much is kept of what was read, in characters of data and metadata. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

type Page = readonly RecordedEvent[];

/** The log in its own order, a page at a time. Readers who stand at the same place share one read of what is behind it. */
export class LogPages {
  private readonly kept = new LRUCache<Position, Page>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (page) => page.reduce((sum, one) => sum + one.data.length + one.metadata.length, 1),
  });
  private readonly underWay = new Map<Position, Promise<Page>>();

  constructor(private readonly store: Pick<EventStore, 'readAll'>) {}

  /**
   * Some events behind a place, as far as there are any by now.
   * @param position of the last event before it, empty for the beginning of the log
   * @throws StoreUnavailable
   */
  async after(position: Position): Promise<Page> {
    const kept = this.kept.get(position);
    if (kept) return kept;
    const begun = await this.underWay.get(position);
    if (begun && begun.length > 0) return begun;
    // What began before this question may have missed what it asks for.
    const reading = this.underWay.get(position) ?? this.read(position);
    this.underWay.set(position, reading);
    return reading;
  }

  private async read(position: Position): Promise<Page> {
    try {
      const after = position === '' ? undefined : position;
      for await (const page of this.store.readAll(accountStreams, after)) {
        this.kept.set(position, page);
        return page;
      }
      return [];
    } finally {
      this.underWay.delete(position);
    }
  }
}
