import { Transform } from 'node:stream';
import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { PAGE_BYTES, type RecordedEvent, sizeOf } from './event-store.js';
import { recordIn } from './eventstoredb-event.js';
import { Signal } from './signal.js';

/** A call of the client that brings events: a read or a subscription. */
export type Call =
  StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent> | AllStreamSubscription;

/** Takes the events of a call in pages, no faster than the reader wants them. */
export class Arrivals {
  private readonly news = new Signal();
  private failure: { readonly error: unknown } | undefined;
  private hasEnded = false;
  private isWoken = false;

  /** @param failed is told of a failure at once, even while earlier events wait to be taken */
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
    // The listener stays after the reader has gone, because the client still reports errors of the call.
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

  /** Wakes the waiting reader for news that is not an event. */
  wake(): void {
    this.isWoken = true;
    this.news.raise();
  }

  /**
   * Waits for something to arrive.
   * @returns the events that have arrived; none at the end and after {@link wake}
   * @throws the failure of the call, after everything that came before it
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
   * Ends the call. A call that is not ended stays open at the server. The events that have arrived are read
   * and thrown away: the client holds a call until its last event is read, and waits for it whenever the
   * connection is lost.
   */
  stop(): void {
    const { call } = this;
    const ended = 'cancel' in call ? call.cancel() : call.unsubscribe();
    // A rejection here means that the call failed before it began. The call has reported that already.
    ended.catch(() => undefined);
    call.removeAllListeners('readable');
    call.resume();
  }

  private take(): RecordedEvent[] {
    const page: RecordedEvent[] = [];
    let bytes = 0;
    while (page.length < this.pageSize && bytes < PAGE_BYTES) {
      const event = this.call.read() as RecordedEvent | null;
      if (event === null) break;
      page.push(event);
      bytes += sizeOf(event);
    }
    return page;
  }
}

/**
 * Makes a call of the client bring events in their recorded form. The client handles
 * all other messages itself.
 */
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
