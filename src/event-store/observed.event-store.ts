import {
  type Delivery,
  type EventStore,
  type Position,
  type ProposedEvent,
  type RecordedEvent,
  StoreUnavailable,
} from './event-store.js';
import type { StoreObserver } from './store-observer.js';

/** An event store that reports its answers to an observer. */
export class ObservedEventStore implements EventStore {
  readonly soleWriter: boolean;
  readonly maxAppendBytes: number;
  private isClosed = false;

  constructor(
    private readonly store: EventStore,
    private readonly observer: StoreObserver,
  ) {
    this.soleWriter = store.soleWriter;
    this.maxAppendBytes = store.maxAppendBytes;
  }

  get trouble(): string | undefined {
    return this.store.trouble;
  }

  doubt(): void {
    this.store.doubt();
  }

  async logId(): Promise<string> {
    try {
      return await this.store.logId();
    } catch (error) {
      throw this.noted(error);
    }
  }

  async append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void> {
    try {
      await this.store.append(stream, expectedRevision, events);
    } catch (error) {
      throw this.noted(error);
    }
    this.observer.answered();
  }

  readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.noting(this.store.readStream(stream, after));
  }

  readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    return this.noting(this.store.readAll(prefix, after));
  }

  async idAt(position: Position): Promise<string | undefined> {
    try {
      return await this.store.idAt(position);
    } catch (error) {
      throw this.noted(error);
    }
  }

  subscribe(prefix: string, after: Position | undefined, signal: AbortSignal): AsyncIterable<Delivery> {
    return this.noting(this.store.subscribe(prefix, after, signal));
  }

  close(): Promise<void> {
    this.isClosed = true;
    return this.store.close();
  }

  private async *noting<Page>(pages: AsyncIterable<Page>): AsyncIterable<Page> {
    try {
      for await (const page of pages) {
        this.observer.answered();
        yield page;
      }
    } catch (error) {
      throw this.noted(error);
    }
  }

  private noted(error: unknown): unknown {
    if (error instanceof StoreUnavailable && !this.isClosed) this.observer.failed(error);
    return error;
  }
}
