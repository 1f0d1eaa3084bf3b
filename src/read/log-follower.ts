import { Logger } from '@nestjs/common';
import { accountOf, accountStreams } from '../event-store/codec.js';
import {
  type EventStore,
  type RecordedEvent,
  StoreUnavailable,
  StoreUnusable,
} from '../event-store/event-store.js';
import { Pauses } from '../event-store/pauses.js';
import type { Checkpoints } from './checkpoints.js';
import { type ViewsDatabase, ViewsLost } from './views-database.js';

const PROGRESS_INTERVAL_MS = 2_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** After such a silence of the log the views may be out of date. */
const LONGEST_SILENCE_MS = 10_000;

/** The appends of this process to one account that the subscription has not brought yet. */
interface Awaited {
  /** The revision of the last append. */
  revision: number;
  /** The start of the wait, in milliseconds by the monotonic clock. */
  readonly since: number;
}

/** Follows the log by a subscription. It resumes a lost subscription from where it had come to. */
export class LogFollower {
  private readonly logger = new Logger(LogFollower.name);
  private readonly stopping = new AbortController();
  private subscription = new AbortController();
  private following: Promise<void> | undefined;
  private caughtUp = false;
  /** Whether a loss was reported and is not made good yet. */
  private isMending = false;
  /** When the log was heard of last, and when everything in it was here last, by the monotonic clock. */
  private lastSign = -Infinity;
  private lastWhole = -Infinity;
  /** By account; the first account has waited longest. */
  private readonly awaited = new Map<string, Awaited>();

  /**
   * @param take brings events of one account to the views; it has applied most already, as this process's own
   */
  constructor(
    private readonly store: EventStore,
    private readonly database: ViewsDatabase,
    private readonly checkpoints: Checkpoints,
    private readonly take: (account: string, events: readonly RecordedEvent[]) => Promise<void>,
  ) {}

  /** Whether everything that was in the log at the start was seen. */
  get isCaughtUp(): boolean {
    return this.caughtUp;
  }

  /**
   * Whether the views may be out of date. They may be when the log was silent for ten seconds. They may
   * also be when for ten seconds the views lacked something in the log, or the subscription lacked an
   * append of this process.
   */
  get isStale(): boolean {
    if (this.store.soleWriter) return false;
    const limit = performance.now() - LONGEST_SILENCE_MS;
    if (!this.caughtUp) return this.lastSign < limit;
    const [longest] = this.awaited.values();
    return this.lastWhole < limit || (longest?.since ?? Infinity) < limit;
  }

  /**
   * Begins, and resolves when everything that is in the log now was seen.
   * @throws StoreUnusable when the log cannot be read before an operator has put something right
   */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.following = this.follow(resolve, reject);
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.subscription.abort();
    await this.following;
  }

  /**
   * Reads again from the stored position, as later changes were lost. This is reported once until made good.
   */
  startOver({ message }: ViewsLost): void {
    if (!this.isMending)
      this.logger.error(`${message}. Nothing is answered until they were read again and are written`);
    this.isMending = true;
    this.caughtUp = false;
    this.subscription.abort();
  }

  /** Notes an append that the subscription must bring before long. */
  expect(account: string, revision: number): void {
    if (this.store.soleWriter) return;
    const awaited = this.awaited.get(account);
    if (awaited) awaited.revision = revision;
    else this.awaited.set(account, { revision, since: performance.now() });
  }

  private async follow(onCaughtUp: () => void, onUnusable: (error: StoreUnusable) => void): Promise<void> {
    const pauses = new Pauses(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, { signal: this.stopping.signal });
    const start = { isOver: false };
    let told: string | undefined;
    while (!this.stopping.signal.aborted) {
      this.subscription = new AbortController();
      try {
        if (!this.isMending || this.database.hasRoom)
          await this.read(() => {
            pauses.reset();
            start.isOver = true;
            told = undefined;
            onCaughtUp();
          });
      } catch (error) {
        if (error instanceof StoreUnusable && !start.isOver) {
          onUnusable(error);
          return;
        }
        const line = `The subscription to the log was lost: ${error instanceof Error ? error.message : String(error)}`;
        // Other code reports an unavailable store and lost views. An error that the operator must put right
        // is reported once.
        const isTold = error instanceof StoreUnavailable || error instanceof ViewsLost || line === told;
        if (isTold) this.logger.debug(line);
        else this.logger.error((told = line));
      }
      await pauses.take();
    }
  }

  private async read(onCaughtUp: () => void): Promise<void> {
    const { signal } = this.subscription;
    let count = 0;
    let reported = Date.now();
    for await (const delivery of this.store.subscribe(accountStreams, this.checkpoints.position, signal)) {
      const { events, position } = delivery;
      for (const [account, recorded] of byAccount(events)) {
        await this.take(account, recorded);
        this.hear(account, recorded.at(-1)?.revision ?? 0);
      }
      // After a loss of changes meanwhile, the next read goes on from the stored position, not from here.
      if (signal.aborted) return;
      this.lastSign = performance.now();
      count += events.length;
      if (position !== undefined) this.database.change(() => this.checkpoints.movePosition(position), 0);
      if (delivery.isCaughtUp) {
        // What is not durable may be lost once more.
        if (!this.caughtUp && this.database.commit() === 'lost') return;
        this.isMending = false;
        this.lastWhole = this.lastSign;
        if (!this.caughtUp) this.logger.log(`Views have caught up with the log, ${count} events read`);
        this.caughtUp = true;
        onCaughtUp();
      }
      if (this.caughtUp) continue;
      if (Date.now() - reported > PROGRESS_INTERVAL_MS) {
        reported = Date.now();
        this.logger.log(`Views are catching up: ${count} events read`);
      }
      await new Promise(setImmediate);
    }
  }

  private hear(account: string, revision: number): void {
    const awaited = this.awaited.get(account);
    if (!awaited) return;
    this.awaited.delete(account);
    if (revision < awaited.revision) this.awaited.set(account, { ...awaited, since: performance.now() });
  }
}

function byAccount(page: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const accounts = new Map<string, RecordedEvent[]>();
  for (const event of page) {
    const account = accountOf(event.stream);
    const events = accounts.get(account);
    if (events) events.push(event);
    else accounts.set(account, [event]);
  }
  return accounts;
}
