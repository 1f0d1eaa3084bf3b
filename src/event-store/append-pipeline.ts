import type { AppendRun } from './append-run.js';
import { type EventStore, StoreUnavailable } from './event-store.js';
import { Pauses } from './pauses.js';

const DEPTH = 32;

/** How an append with an unknown outcome is repeated. */
export interface Retries {
  readonly most: number;
  /** The first pause and the longest one, in milliseconds. The pauses double in between. */
  readonly from: number;
  readonly to: number;
}

/** The repeats outlast a target that is away for about 36 seconds. */
export const defaultRetries: Retries = { most: 12, from: 100, to: 5_000 };

/**
 * Starts appends in the given order: several at a time, but one at a time for each stream. It repeats an
 * append with an unknown outcome.
 */
export class AppendPipeline {
  private readonly inFlight = new Map<string, Promise<void>>();
  /** Every append that was started and is not acknowledged, in that order. */
  private readonly open = new Set<AppendRun>();
  private hasFailed = false;
  private refusal: { readonly error: unknown } | undefined;
  private acknowledged = 0;

  constructor(
    private readonly store: EventStore,
    private readonly signal: AbortSignal,
    private readonly retries: Retries,
  ) {}

  /** How many events the store has acknowledged. */
  get events(): number {
    return this.acknowledged;
  }

  /**
   * Starts an append once there is room. @throws what {@link settle} throws, for earlier appends
   */
  async add(run: AppendRun): Promise<void> {
    await this.inFlight.get(run.stream);
    // The first append opens the connection. Meanwhile a later append could overtake it.
    if (this.inFlight.size >= (this.acknowledged === 0 ? 1 : DEPTH))
      await this.inFlight.values().next().value;
    if (this.hasFailed) await this.settle();
    this.signal.throwIfAborted();
    this.open.add(run);
    const done = this.append(run)
      .catch((error: unknown) => {
        this.hasFailed = true;
        if (!(error instanceof StoreUnavailable)) this.refusal ??= { error };
      })
      .finally(() => this.inFlight.delete(run.stream));
    this.inFlight.set(run.stream, done);
  }

  /** Waits until no append is under way, whether the appends have succeeded or failed. */
  async idle(): Promise<void> {
    await Promise.all(this.inFlight.values());
  }

  /**
   * Waits until everything is acknowledged.
   * @throws RevisionConflict when another writer has written to one of the streams
   * @throws StoreUnavailable when the store does not come back; the appends before the first unacknowledged
   * one are done
   */
  async settle(): Promise<void> {
    await this.idle();
    if (this.refusal) throw this.refusal.error;
    for (const run of this.open) await this.repeat(run);
    this.hasFailed = false;
  }

  private async append(run: AppendRun): Promise<void> {
    await this.store.append(run.stream, run.expectedRevision, run.events);
    this.open.delete(run);
    this.acknowledged += run.events.length;
  }

  /** Appends the same events at the same revision. This writes nothing when the earlier try took effect. */
  private async repeat(run: AppendRun): Promise<void> {
    let last: unknown;
    const { signal, retries } = this;
    const pauses = new Pauses(retries.from, retries.to, { signal });
    for (let tries = 0; tries < retries.most; tries += 1) {
      await pauses.take();
      signal.throwIfAborted();
      try {
        await this.append(run);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        last = error;
      }
    }
    const reason = last instanceof Error ? last.message : 'no try was left';
    throw new StoreUnavailable(`The target does not take any more (${reason})`, { cause: last });
  }
}
