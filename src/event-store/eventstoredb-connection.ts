import type { EventStoreDBClient } from '@eventstore/db-client';
import { clientFor } from './connection-string.js';
import { StoreUnavailable, StoreUnusable } from './event-store.js';
import { isConnectionLost, isKept } from './eventstoredb-failure.js';
import { closeChannel } from './grpc-channel.js';
import { Semaphore } from './semaphore.js';
import { within } from './within.js';

const LONGEST_DISPOSAL_MS = 1_000;
/** The longest wait of a call for its turn, in milliseconds. */
const LONGEST_WAIT_MS = 1_000;
/**
 * The most calls under way at once. The client's append stream takes 16 messages before it makes
 * writers wait. When the stream fails while writers wait, nothing handles their rejected promises.
 * That ends the process.
 */
const MOST_CALLS = 15;
/**
 * The most reads under way at once. The server carries out 100 calls of a connection at once, the
 * subscription and appends among them. A call that the server has not begun looks like one that
 * it does not answer.
 */
const MOST_READS = 90;
/** The longest wait of a read for its turn, in milliseconds. */
const LONGEST_READ_WAIT_MS = 5_000;

/** The connections of this process, by their connection strings. */
const open = new Map<string, EventStoreDbConnection>();

/** The connection string that this process appends by; undefined before its first append. */
let writer: string | undefined;

/** A call that brought no answer in time. */
class Unanswered extends Error {}

/** A client for a long call. */
export interface Lease {
  readonly client: EventStoreDBClient;
  /** The user of the lease calls this at once when the call fails. */
  readonly failed: (error: unknown) => void;
  /** Whether the client's calls were ended since. The call then seems to end in the ordinary way. */
  readonly isLost: () => boolean;
}

/** A client for one of a limited number of calls under way. */
export interface TurnLease extends Lease {
  /** The user of the lease calls this once the work is over. */
  readonly release: () => void;
}

/**
 * The one client of a connection string. All its users in this process share it. After a failure of the
 * connection it ends every other call. The client confuses the answers of two append streams, so only one may
 * exist at a time (EventStore-Client-NodeJS#523).
 */
export class EventStoreDbConnection {
  private readonly calls = new Semaphore(MOST_CALLS);
  private readonly reads = new Semaphore(MOST_READS);
  private users = 0;
  private epoch = 0;
  private resetting: Promise<void> | undefined;
  private client: EventStoreDBClient;

  private constructor(private readonly connectionString: string) {
    this.client = clientFor(connectionString);
  }

  /** @throws StoreUnusable when the connection string is wrong */
  static acquire(connectionString: string): EventStoreDbConnection {
    const connection = open.get(connectionString) ?? new EventStoreDbConnection(connectionString);
    open.set(connectionString, connection);
    connection.users += 1;
    return connection;
  }

  async release(): Promise<void> {
    this.users -= 1;
    if (this.users > 0) return;
    open.delete(this.connectionString);
    this.epoch += 1;
    if (writer === this.connectionString) writer = undefined;
    await retire(this.client);
  }

  /**
   * States that this connection appends.
   * @throws StoreUnusable when another connection of this process appends: failures of one would confuse the
   * appends of the other
   */
  claimWriter(): void {
    writer ??= this.connectionString;
    if (writer !== this.connectionString)
      throw new StoreUnusable('This process appends to another EventStoreDB already; it can to one only');
  }

  /**
   * Makes one call of the client, after a wait of at most {@link LONGEST_WAIT_MS}.
   * @param patienceMs how long the call may go without an answer
   * @throws StoreUnavailable when the call could not begin
   * @throws Error when there was no answer, or what the client throws
   */
  async call<T>(work: (client: EventStoreDBClient) => Promise<T>, patienceMs: number): Promise<T> {
    const { client, failed, release } = await this.turnOf(this.calls, LONGEST_WAIT_MS, 'appends to');
    try {
      return await within(patienceMs, work(client), () => new Unanswered(`no answer in ${patienceMs} ms`));
    } catch (error) {
      failed(error);
      throw error;
    } finally {
      release();
    }
  }

  /** @throws StoreUnavailable when it could not begin within {@link LONGEST_READ_WAIT_MS} */
  useToRead(): Promise<TurnLease> {
    return this.turnOf(this.reads, LONGEST_READ_WAIT_MS, 'reads of');
  }

  async use(): Promise<Lease> {
    while (this.resetting) await this.resetting;
    const { client, epoch } = this;
    return { client, failed: (error) => this.reset(error, epoch), isLost: () => epoch !== this.epoch };
  }

  private async turnOf(semaphore: Semaphore, patienceMs: number, what: string): Promise<TurnLease> {
    const { acquired, release } = semaphore.acquire();
    const busy = () => new StoreUnavailable(`Too many ${what} EventStoreDB wait for their turn`);
    try {
      const begun = acquired.then(() => this.use());
      return { ...(await within(patienceMs, begun, busy)), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  private reset(error: unknown, epoch: number): void {
    const isStuck = error instanceof Unanswered || error instanceof StoreUnavailable || isKept(error);
    if (epoch !== this.epoch || !(isStuck || isConnectionLost(error))) return;
    this.epoch += 1;
    const { client } = this;
    // A client that has lost its connection finds the next node itself. A client that hangs
    // would hang for ever.
    if (isStuck) this.client = clientFor(this.connectionString);
    const ended = isStuck ? retire(client) : dispose(client);
    this.resetting = ended.finally(() => (this.resetting = undefined));
  }
}

/**
 * Ends all calls of a client. The wait is limited: `dispose` never settles when the server
 * has half-ended a call.
 */
async function dispose(client: EventStoreDBClient): Promise<void> {
  await within(LONGEST_DISPOSAL_MS, client.dispose(), () => new Error()).catch(() => undefined);
}

/**
 * Ends a client and its connection for good. Otherwise the next client of this process would
 * take over the connection.
 */
async function retire(client: EventStoreDBClient): Promise<void> {
  await dispose(client);
  await within(LONGEST_DISPOSAL_MS, closeChannel(client), () => new Error()).catch(() => undefined);
}
