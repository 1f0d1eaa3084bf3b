import { setTimeout as sleep } from 'node:timers/promises';
import { streamNameFilter } from '@eventstore/db-client';
import {
  type Delivery,
  type EventStore,
  HEARTBEAT_MS,
  LogDamaged,
  MAX_APPEND_BYTES,
  NO_STREAM,
  type Position,
  type ProposedEvent,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
} from './event-store.js';
import { Arrivals } from './eventstoredb-arrivals.js';
import { EventStoreDbConnection } from './eventstoredb-connection.js';
import { isBefore, proposalOf, readPosition, textOfPosition } from './eventstoredb-event.js';
import { failureOf } from './eventstoredb-failure.js';
import { logIdIn } from './eventstoredb-log-id.js';
import { type Begin, EventStoreDbReads, PAGE } from './eventstoredb-reads.js';
import { SubscriptionProbe } from './subscription-probe.js';

/** The shortest time from one page of live events to the next, in milliseconds. */
const BREATH_MS = 5;
/** The server reports how far it has searched, at least after this many events of other streams. */
const SEARCH_WINDOW = 500;

export interface EventStoreDbOptions {
  /** How long a call may go without a sign from the server, in milliseconds. */
  readonly patienceMs: number;
  /**
   * The longest silence of a subscription, in milliseconds, before the server is asked
   * whether it still answers.
   */
  readonly heartbeatMs: number;
  /** Called once the store is closed. */
  readonly onClose: () => void;
}

const defaults: EventStoreDbOptions = {
  patienceMs: 2_500,
  heartbeatMs: HEARTBEAT_MS,
  onClose: () => undefined,
};

/** A log in EventStoreDB. Several processes may write to it. */
export class EventStoreDbEventStore implements EventStore {
  readonly soleWriter = false;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  readonly trouble = undefined;
  private readonly closing = new AbortController();
  private readonly reads: EventStoreDbReads;
  private id: string | undefined;

  private constructor(
    private readonly connection: EventStoreDbConnection,
    private readonly options: EventStoreDbOptions,
  ) {
    this.reads = new EventStoreDbReads(connection, options.patienceMs);
  }

  /**
   * Prepares the connection; the first call connects.
   * @param connectionString as {@link clientFor} takes it
   * @throws StoreUnusable when it is wrong
   */
  static open(connectionString: string, options: Partial<EventStoreDbOptions> = {}): EventStoreDbEventStore {
    const connection = EventStoreDbConnection.acquire(connectionString);
    return new EventStoreDbEventStore(connection, { ...defaults, ...options });
  }

  doubt(): void {
    // The log is on the disks of the servers, not of this process.
  }

  async logId(): Promise<string> {
    this.id ??= await logIdIn(this);
    return this.id;
  }

  async append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void> {
    if (this.closing.signal.aborted) throw new StoreUnavailable('The event store is closed');
    this.connection.claimWriter();
    if (expectedRevision < NO_STREAM) throw new RevisionConflict(stream, expectedRevision);
    const revision = expectedRevision === NO_STREAM ? 'no_stream' : BigInt(expectedRevision);
    const proposals = events.map(proposalOf);
    try {
      await this.connection.call(
        (client) =>
          client.appendToStream(stream, proposals, { expectedRevision: revision, requiresLeader: true }),
        this.options.patienceMs,
      );
    } catch (error) {
      throw failureOf(error, stream, expectedRevision);
    }
  }

  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    const options = { fromRevision: BigInt(after + 1), requiresLeader: true };
    const begin: Begin = (client) => client.readStream(stream, options, { highWaterMark: PAGE });
    let next = after + 1;
    for await (const page of this.reads.pagesOf(begin, stream)) {
      const first = page[0]?.revision ?? next;
      if (first !== next)
        throw new LogDamaged(
          `Events ${next} to ${first - 1} of stream ${stream} are missing in EventStoreDB; restore the log from a backup`,
        );
      next += page.length;
      yield page;
    }
  }

  async *readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    const options = { fromPosition: readPosition(after), requiresLeader: true };
    const begin: Begin = (client) => client.readAll(options, { highWaterMark: PAGE });
    for await (const page of this.reads.pagesOf(begin, '$all')) {
      // The client cannot filter reads, and begins with the event at the position itself.
      const wanted = page.filter(({ stream, position }) => stream.startsWith(prefix) && position !== after);
      if (wanted.length > 0) yield wanted;
    }
  }

  idAt(position: Position): Promise<string | undefined> {
    return this.reads.idAt(position);
  }

  async *subscribe(
    prefix: string,
    after: Position | undefined,
    signal: AbortSignal,
  ): AsyncIterable<Delivery> {
    const stop = AbortSignal.any([signal, this.closing.signal]);
    if (stop.aborted) return;
    const { client, failed } = await this.connection.use();
    let [position, searched, isCaughtUp] = [after, after, false];
    const filter = streamNameFilter({
      prefixes: [prefix],
      maxSearchWindow: SEARCH_WINDOW,
      checkpointInterval: 1,
      checkpointReached: (_, reached) => {
        searched = textOfPosition(reached);
        arrivals.wake();
      },
    });
    const subscription = client.subscribeToAll(
      { fromPosition: readPosition(after), filter },
      { highWaterMark: PAGE },
    );
    const arrivals = new Arrivals(subscription, PAGE, failed);
    subscription.on('caughtUp', () => {
      isCaughtUp = true;
      arrivals.wake();
    });
    const probe = new SubscriptionProbe((from) => this.reads.scan(prefix, from));
    const wake = () => arrivals.wake();
    stop.addEventListener('abort', wake);
    try {
      for (let isHurried = false; !isAborted(stop);) {
        // Under load small pages would cost more than they bring.
        if (isHurried) await sleep(BREATH_MS);
        const page = await arrivals.next(this.options.heartbeatMs);
        isHurried = page.length > 0 && page.length < PAGE;
        if (isAborted(stop)) return;
        if (page === 'silence') await probe.check(position);
        const events = page === 'silence' ? [] : page;
        const last = events.at(-1)?.position ?? position;
        // The server reports how far it has searched ahead of events that still wait. The report counts only
        // once all of them are taken.
        const reached = arrivals.isEmpty && isBefore(last, searched) ? searched : last;
        const moved = reached === position ? undefined : reached;
        position = reached;
        if (events.length > 0 || moved !== undefined || isCaughtUp)
          yield { events, position: moved, isCaughtUp: isCaughtUp && arrivals.isEmpty };
        if (arrivals.isOver && arrivals.isEmpty)
          throw new StoreUnavailable('EventStoreDB has ended the subscription');
      }
    } catch (error) {
      failed(error);
      throw failureOf(error, '$all');
    } finally {
      stop.removeEventListener('abort', wake);
      arrivals.stop();
    }
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.connection.release();
    this.options.onClose();
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
