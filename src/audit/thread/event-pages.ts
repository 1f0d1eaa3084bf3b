import { accountStream } from '../../event-store/codec.js';
import type { EventStore, RecordedEvent } from '../../event-store/event-store.js';

/** How long a read stays open for its next page, in milliseconds. */
const IDLE_MS = 1_000;

interface OpenRead {
  readonly account: string;
  /** The revision that it has come to. */
  readonly revision: number;
  readonly pages: AsyncIterator<readonly RecordedEvent[]>;
}

/** Streams of accounts, read page by page as each is asked for. A read stays open for the next page of its account. */
export class EventPages {
  private open: OpenRead | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** Some events of an account after a revision; none at its end. @throws StoreUnavailable */
  async after(account: string, revision: number): Promise<readonly RecordedEvent[]> {
    const { open } = this;
    this.open = undefined;
    clearTimeout(this.timer);
    if (open?.account === account && open.revision === revision) {
      const page = await this.next(open);
      // What has come since that read began is not in it.
      if (page.length > 0) return page;
    } else await open?.pages.return?.();
    const pages = this.store.readStream(accountStream(account), revision)[Symbol.asyncIterator]();
    return this.next({ account, revision, pages });
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.open?.pages.return?.();
    this.open = undefined;
  }

  private async next({ account, pages }: OpenRead): Promise<readonly RecordedEvent[]> {
    const result = await pages.next();
    if (result.done) return [];
    const { value } = result;
    this.open = { account, revision: value.at(-1)?.revision ?? 0, pages };
    this.timer = setTimeout(() => void this.close().catch(() => undefined), IDLE_MS).unref();
    return value;
  }
}
