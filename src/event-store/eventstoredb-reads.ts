import type { EventStoreDBClient } from '@eventstore/db-client';
import { type Position, type RecordedEvent, StoreUnavailable } from './event-store.js';
import { Arrivals, type Call } from './eventstoredb-arrivals.js';
import type { EventStoreDbConnection, Lease } from './eventstoredb-connection.js';
import { readPosition } from './eventstoredb-event.js';
import { failureOf, isNoPosition, isNoStream } from './eventstoredb-failure.js';
import type { Scan } from './subscription-probe.js';

/** The most events of a page. */
export const PAGE = 500;

export type Begin = (client: EventStoreDBClient) => Call;

/** Reads a log in EventStoreDB, page by page. */
export class EventStoreDbReads {
  /** @param patienceMs how long a read may go without a sign from the server */
  constructor(
    private readonly connection: EventStoreDbConnection,
    private readonly patienceMs: number,
  ) {}

  async *pagesOf(begin: Begin, stream: string): AsyncIterable<readonly RecordedEvent[]> {
    const lease = await this.connection.useToRead();
    try {
      yield* this.arrivalsOf(begin(lease.client), stream, lease);
    } finally {
      lease.release();
    }
  }

  /**
   * @throws StoreUnavailable also when the client has cancelled the read, which then seems to end
   * in the ordinary way
   */
  private async *arrivalsOf(
    call: Call,
    stream: string,
    { failed, isLost }: Lease,
  ): AsyncIterable<readonly RecordedEvent[]> {
    const read = new Arrivals(call, PAGE, failed);
    try {
      for (;;) {
        const page = await read.next(this.patienceMs);
        if (page === 'silence') throw new StoreUnavailable(`EventStoreDB does not go on with ${stream}`);
        if (page.length > 0) yield page;
        else if (read.isOver) break;
      }
      if (isLost()) throw new StoreUnavailable(`EventStoreDB was lost while ${stream} was read`);
    } catch (error) {
      if (isNoStream(error)) return;
      failed(error);
      throw failureOf(error, stream);
    } finally {
      read.stop();
    }
  }

  async idAt(position: Position): Promise<string | undefined> {
    const options = { fromPosition: readPosition(position), maxCount: 1, requiresLeader: true };
    try {
      for await (const [event] of this.pagesOf((client) => client.readAll(options), '$all'))
        return event?.position === position ? event.id : undefined;
    } catch (error) {
      // A log that was restored may have its events at other places, and the server refuses one within an event.
      if (!isNoPosition(error)) throw error;
    }
    return undefined;
  }

  /** Reads one page from the leader, from a position on. It does not wait for other reads. */
  async scan(prefix: string, after: Position | undefined): Promise<Scan> {
    const lease = await this.connection.use();
    const options = { fromPosition: readPosition(after), maxCount: PAGE, requiresLeader: true };
    let [first, last]: (Position | undefined)[] = [undefined, after];
    for await (const page of this.arrivalsOf(lease.client.readAll(options), '$all', lease)) {
      const isWanted = ({ stream, position }: RecordedEvent) =>
        stream.startsWith(prefix) && position !== after;
      first ??= page.find(isWanted)?.position;
      last = page.at(-1)?.position ?? last;
    }
    return { first, last };
  }
}
