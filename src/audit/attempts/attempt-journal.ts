import { Logger } from '@nestjs/common';
import type { AttemptLog } from '../../event-store/attempt-log.js';
import { StoreUnusable } from '../../event-store/event-store.js';
import { within } from '../../event-store/within.js';
import { StoreTrouble } from '../store-trouble.js';
import type { AttemptOutcome, Source } from './attempt.js';
import { Flood, type TriedAttempt } from './flood.js';
import { Waiting, type WaitingBatch } from './waiting.js';

const FLUSH_MS = 1_000;
const PRUNE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How many batches are on their way at once: the commands of requests share the connection. */
const BATCHES_AT_ONCE = 2;
/** For how long nothing is tried after the store has denied access, in milliseconds. */
const DENIED_MS = 60_000;
/** How long a stop waits, in milliseconds. */
const STOP_PATIENCE_MS = 3_000;

/** Why something is not kept: it names no account, too much waits, or the store denies access. */
export type LossReason = 'nowhere' | 'overflow' | 'denied';

export interface JournalOptions {
  /** How long attempts are kept. */
  readonly days: number;
  /** In milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Takes note of what was tried and where writes came from, and has it kept once a second. No request waits for it or hears
 * of a failure, and the memory for it is bounded.
 */
export class AttemptJournal {
  private readonly flood = new Flood();
  private readonly waiting = new Waiting();
  /** The sources of commands that the store has not taken yet, as JSON by the command's id. */
  private readonly sources = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly pruning: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private deniedUntil = -Infinity;
  private readonly trouble = new StoreTrouble(new Logger(AttemptJournal.name), 'Attempts');
  /** How many attempts there were, by outcome. */
  readonly noted: Record<AttemptOutcome, number> = { refused: 0, failed: 0, read: 0 };
  /** How many attempts and writes are not kept. */
  readonly lost: Record<LossReason, number> = { nowhere: 0, overflow: 0, denied: 0 };

  /** @param log undefined: nothing is kept */
  constructor(
    readonly log: AttemptLog | undefined,
    private readonly options: JournalOptions,
  ) {
    if (log) this.pruning = setInterval(() => void this.prune(log), PRUNE_MS).unref();
  }

  /** Whether anything is kept at all. */
  get isOn(): boolean {
    return this.log !== undefined;
  }

  /** Whether the store has taken what it was given last. */
  get isWritable(): boolean {
    return !this.trouble.isThere;
  }

  /** Takes note of an attempt. @param account undefined for an attempt that names none, which is only counted */
  note(account: string | undefined, attempt: TriedAttempt): void {
    if (!this.isOn) return;
    this.noted[attempt.outcome] += 1;
    if (account === undefined) {
      this.lost.nowhere += 1;
      return;
    }
    const counted = this.flood.count(account, attempt, performance.now());
    if (counted && this.waiting.addAttempt(counted)) this.schedule();
    else this.lost.overflow += 1;
  }

  /** Takes note of the source of a command that has written events. */
  wrote(account: string, commandId: string, { address, user_agent }: Source): void {
    if (!this.isOn) return;
    const source = JSON.stringify({ address, user_agent });
    if (!this.waiting.addWrite(account, { commandId, time: this.options.now(), source })) {
      this.lost.overflow += 1;
      return;
    }
    this.sources.set(commandId, source);
    this.schedule();
  }

  /** The sources of commands that the store may not have yet, as JSON by the command's id. */
  sourcesOf(commandIds: readonly string[]): Map<string, string> {
    const known = commandIds.map((id) => [id, this.sources.get(id)] as const);
    return new Map(known.filter((one): one is [string, string] => one[1] !== undefined));
  }

  /** Whether attempts in an account were noted that the store may not have yet. */
  hasAttempts(account: string): boolean {
    return this.flushing !== undefined || this.waiting.hasAttempts(account);
  }

  /** Resolves when all that was noted by now is kept, as far as the store takes it. It never fails. */
  async flush(): Promise<void> {
    // What is on its way may have been noted before.
    await this.flushing;
    await (this.flushing ??= this.flushNow().finally(() => (this.flushing = undefined)));
  }

  async stop(): Promise<void> {
    clearInterval(this.pruning);
    await within(STOP_PATIENCE_MS, this.flush(), () => new Error()).catch(() => undefined);
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.log?.close();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => void this.flushAndGoOn(), FLUSH_MS).unref();
  }

  private async flushAndGoOn(): Promise<void> {
    await this.flush();
    this.timer = undefined;
    if (!this.waiting.isEmpty) this.schedule();
  }

  private async flushNow(): Promise<void> {
    const { log } = this;
    if (!log) return;
    const batches = this.waiting.take();
    const keepRest = async (): Promise<void> => {
      for (let next = batches.shift(); next; next = batches.shift()) {
        // The others would wait as long for nothing.
        if (!(await this.keep(log, next))) for (const rest of batches.splice(0)) this.putBack(rest);
        // A batch takes some milliseconds, in which no request is served.
        await new Promise(setImmediate);
      }
    };
    await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, keepRest));
  }

  /** @returns false when the store does not answer */
  private async keep(log: AttemptLog, waiting: WaitingBatch): Promise<boolean> {
    const { account, batch } = waiting;
    const isDenied = performance.now() < this.deniedUntil;
    try {
      if (isDenied) this.lost.denied += sizeOf(waiting);
      else {
        await log.append(account, batch);
        this.trouble.succeeded();
      }
      this.forget(waiting);
      return true;
    } catch (error) {
      this.trouble.failed(error);
      if (error instanceof StoreUnusable) {
        this.deniedUntil = performance.now() + DENIED_MS;
        this.lost.denied += sizeOf(waiting);
        this.forget(waiting);
        return true;
      }
      this.putBack(waiting);
      return false;
    }
  }

  private putBack(batch: WaitingBatch): void {
    this.forget(batch);
    const { lost, kept } = this.waiting.putBack(batch);
    for (const { commandId, source } of kept) this.sources.set(commandId, source);
    this.lost.overflow += lost;
  }

  private forget({ batch: { writes } }: WaitingBatch): void {
    for (const { commandId } of writes) this.sources.delete(commandId);
  }

  private async prune(log: AttemptLog): Promise<void> {
    const before = this.options.now() - this.options.days * DAY_MS;
    try {
      while (await log.prune(before)) await new Promise(setImmediate);
    } catch (error) {
      this.trouble.failed(error);
    }
  }
}

function sizeOf({ batch: { attempts, writes } }: WaitingBatch): number {
  return attempts.length + writes.length;
}
