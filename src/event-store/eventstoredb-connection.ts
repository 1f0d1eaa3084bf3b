import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { clientFor } from './connection-string.js';
import { StoreUnavailable, StoreUnusable } from './event-store.js';
import { isConnectionLost } from './eventstoredb-failure.js';

const LONGEST_DISPOSAL_MS = 1_000;

/** The connections of this process, by their connection strings. */
const open = new Map<string, EventStoreDbConnection>();

/** The connection string that this process appends by, once it has. */
let writer: string | undefined;

/** A call that brought no answer in time. */
class Unanswered extends Error {}

/** A client for a call that goes on for a while. */
export interface Lease {
  readonly client: EventStoreDBClient;
  /** To be told at once when that call fails. */
  readonly failed: (error: unknown) => void;
  /** Whether the client's calls were ended since: the client then shows an end like any other. */
  readonly isLost: () => boolean;
}

/**
 * The one client of a connection string, shared by all who use it in this process.
 * After a failure of the connection it ends every other call: the client tells answers of one of its append
 * streams from those of another only as long as there is one (EventStore-Client-NodeJS#523).
 */
export class EventStoreDbConnection {
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
    await dispose(this.client);
  }

  /**
   * Says that this connection appends.
   * @throws StoreUnusable when another one of this process does, whose appends its failures would confuse
   */
  claimWriter(): void {
    writer ??= this.connectionString;
    if (writer !== this.connectionString)
      throw new StoreUnusable('This process appends to another EventStoreDB already; it can to one only');
  }

  /**
   * Makes one call of the client.
   * @param patienceMs how long it may go without an answer
   * @throws StoreUnavailable when there was none, or what the client throws
   */
  async call<T>(work: (client: EventStoreDBClient) => Promise<T>, patienceMs: number): Promise<T> {
    const { client, failed } = await this.use();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Unanswered(`no answer within ${patienceMs} ms`)), patienceMs);
    });
    try {
      return await Promise.race([work(client), silence]);
    } catch (error) {
      failed(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async use(): Promise<Lease> {
    while (this.resetting) await this.resetting;
    const { client, epoch } = this;
    return { client, failed: (error) => this.reset(error, epoch), isLost: () => epoch !== this.epoch };
  }

  private reset(error: unknown, epoch: number): void {
    const isSilent = error instanceof Unanswered || error instanceof StoreUnavailable;
    if (epoch !== this.epoch || !(isSilent || isConnectionLost(error))) return;
    this.epoch += 1;
    const { client } = this;
    // A client that has lost its connection finds the next node itself; one that hangs does so for ever.
    if (isSilent) this.client = clientFor(this.connectionString);
    this.resetting = dispose(client).finally(() => (this.resetting = undefined));
  }
}

/** Ends all calls of a client. */
async function dispose(client: EventStoreDBClient): Promise<void> {
  const patience = new AbortController();
  const waited = sleep(LONGEST_DISPOSAL_MS, undefined, { signal: patience.signal, ref: false });
  await Promise.race([client.dispose(), waited.catch(() => undefined)]);
  patience.abort();
}
