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
/** Without a sign of the log for so long, what the views show may be out of date. */
const LONGEST_SILENCE_MS = 10_000;

/** Appends of this process to one account that the subscription has not brought yet. */
interface Awaited {
  /** The last of them. */
  revision: number;
  /** Since when one of them is awaited, in milliseconds by the monotonic clock. */
  readonly since: number;
}

/** Follows the log by a subscription that it takes up again, from where it had come to, whenever it is lost. */
export class LogFollower {
  private readonly logger = new Logger(LogFollower.name);
  private readonly stopping = new AbortController();
  private subscription = new AbortController();
  private following: Promise<void> | undefined;
  private caughtUp = false;
  /** Whether a loss was told of and is not made good yet. */
  private isMending = false;
  /** When the log was heard of last, and when everything in it was here, by the monotonic clock. */
  private lastSign = -Infinity;
  private lastWhole = -Infinity;
  /** By account, the longest awaited first. */
  private readonly awaited = new Map<string, Awaited>();

  /** @param take brings events of one account to the views; most were applied already, as this process's own */
  constructor(
    private readonly store: EventStore,
    private readonly database: ViewsDatabase,
    private readonly checkpoints: Checkpoints,
    private readonly take: (account: string, events: readonly RecordedEvent[]) => Promise<void>,
  ) {}

  /** Whether everything was seen that was in the log at the start. */
  get isCaughtUp(): boolean {
    return this.caughtUp;
  }

  /**
   * Whether the views may be out of date: for the last ten seconds nothing was heard of the log, or not everything
   * that is in it came here, or the subscription does not bring what this process itself has appended.
   */
  get isStale(): boolean {
    if (this.store.soleWriter) return false;
    const limit = performance.now() - LONGEST_SILENCE_MS;
    if (!this.caughtUp) return this.lastSign < limit;
    const [longest] = this.awaited.values();
    return this.lastWhole < limit || (longest?.since ?? Infinity) < limit;
  }

  /**
   * Begins, and resolves when everything was seen that is in the log now.
   * @throws StoreUnusable when the log cannot be read before somebody puts something right
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

  /** Reads on from the stored position, as what came after it was lost. That is told once, until it is made good. */
  startOver({ message }: ViewsLost): void {
    if (!this.isMending)
      this.logger.error(`${message}. Nothing is answered until they were read again and are written`);
    this.isMending = true;
    this.caughtUp = false;
    this.subscription.abort();
  }

  /** Takes note of an append that the subscription must bring before long. */
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
        // That the store does not answer, or the views are lost, is told of elsewhere, what somebody must put right is once.
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
      // When changes were lost meanwhile it goes on from where that left the views, not from here.
      if (signal.aborted) return;
      this.lastSign = performance.now();
      count += events.length;
      if (position !== undefined) this.database.change(() => this.checkpoints.movePosition(position), 0);
      if (delivery.isCaughtUp) {
        // Until it is durable it may be lost once more.
        if (!this.caughtUp && !this.database.commit()) return;
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
