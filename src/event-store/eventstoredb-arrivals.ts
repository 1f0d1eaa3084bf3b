import { Transform } from 'node:stream';
import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { RecordedEvent } from './event-store.js';
import { recordIn } from './eventstoredb-event.js';
import { Signal } from './signal.js';

/** A call of the client that brings events: a read or a subscription. */
export type Call =
  StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent> | AllStreamSubscription;

/** Takes what a call brings page by page, as fast as it is wanted and no faster. */
export class Arrivals {
  private readonly news = new Signal();
  private failure: { readonly error: unknown } | undefined;
  private hasEnded = false;
  private isWoken = false;

  /** @param failed is told of a failure at once, even if what came before waits to be taken */
  constructor(
    private readonly call: Call,
    private readonly pageSize: number,
    failed: (error: unknown) => void,
  ) {
    takeRecords(call);
    const wake = () => this.news.raise();
    call.on('readable', wake);
    call.on('end', () => {
      this.hasEnded = true;
      wake();
    });
    // Stays when nobody reads any more: the client reports what happens to the call even then.
    call.on('error', (error) => {
      this.failure ??= { error };
      failed(error);
      wake();
    });
  }

  /** Whether every event that has arrived was taken. */
  get isEmpty(): boolean {
    return this.call.readableLength === 0;
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  /** Wakes who waits, as something else than events has arrived. */
  wake(): void {
    this.isWoken = true;
    this.news.raise();
  }

  /**
   * Waits for something to arrive.
   * @returns what there is then: nothing at the end and after {@link wake}
   * @throws what the call failed with, after everything that came before
   */
  async next(patienceMs: number): Promise<readonly RecordedEvent[] | 'silence'> {
    const patience = { isOver: false };
    const timer = setTimeout(() => {
      patience.isOver = true;
      this.news.raise();
    }, patienceMs);
    try {
      for (;;) {
        const news = this.news.raised();
        const page = this.take();
        if (page.length > 0 || this.isWoken) return page;
        if (this.failure) throw this.failure.error;
        if (this.hasEnded) return page;
        if (patience.isOver) return 'silence';
        await news;
      }
    } finally {
      this.isWoken = false;
      clearTimeout(timer);
    }
  }

  /**
   * Ends the call: one that is only left stays open at the server. What has arrived is thrown away to its very end,
   * as the client holds a call until then, and waits for it whenever the connection is lost.
   */
  stop(): void {
    const { call } = this;
    const ended = 'cancel' in call ? call.cancel() : call.unsubscribe();
    // It has failed before it began, and said so.
    ended.catch(() => undefined);
    call.removeAllListeners('readable');
    call.resume();
  }

  private take(): RecordedEvent[] {
    const page: RecordedEvent[] = [];
    while (page.length < this.pageSize) {
      const event = this.call.read() as RecordedEvent | null;
      if (event === null) break;
      page.push(event);
    }
    return page;
  }
}

/** Has a call of the client bring events as they are recorded; what is no event stays the client's own business. */
function takeRecords(call: Call): void {
  if (!(call instanceof Transform))
    throw new Error('The client of EventStoreDB brings events in another way');
  const transform = call._transform.bind(call);
  call._transform = (message: unknown, encoding, done) => {
    const record = message instanceof streams.ReadResp ? recordIn(message) : undefined;
    if (record) done(null, record);
    else transform(message, encoding, done);
  };
}
