import { setTimeout as sleep } from 'node:timers/promises';
import { authorityOf, authorityOfIssuer } from '../domain/authority.js';
import type { Elsewhere } from '../domain/questions.js';
import { rollBack } from '../domain/journaled-map.js';
import { Rejection } from '../domain/rejection.js';
import {
  type AccountEventRecord,
  accountStream,
  type EncodedEvent,
  UnreadableEvent,
} from '../event-store/codec.js';
import { type EventStore, RevisionConflict, StoreUnavailable } from '../event-store/event-store.js';
import type { AccountCache } from './account-cache.js';
import { decideBatch, type Decided, type Waiting } from './batch.js';
import type { CachedAccount } from './cached-account.js';
import { Contention } from './contention.js';
import { ForeignAuthorities, type ForeignAuthority, type Guest } from './foreign-authorities.js';
import type { Snapshots } from './snapshots.js';
import { unavailable } from './unavailable.js';

const MAX_EVENTS = 500;
const LONGEST_PAUSE_MS = 250;

export interface QueueContext {
  readonly store: EventStore;
  readonly cache: AccountCache;
  readonly snapshots: Snapshots | undefined;
  /** Aborts when the service stops. */
  readonly closing: AbortSignal;
  readonly now: () => Date;
  /** How long a command may take before its caller is told to try again. */
  readonly patienceMs: number;
  /** Brings stored events to the views. */
  readonly project: (account: string, records: readonly AccountEventRecord[]) => Promise<void>;
  /** Hears whether the account's log could be read, when it was. */
  readonly onRead: (account: string, error?: UnreadableEvent) => void;
  readonly elsewhere: Elsewhere;
  /** The queue of another account. */
  readonly queueOf: (account: string) => AccountQueue;
}

/**
 * The commands of one account, decided one after the other in memory and appended together.
 * Whoever asks hears only of what is in the log, or of what was true at its head.
 */
export class AccountQueue {
  private waiting: Waiting[] = [];
  private draining = false;
  /** Settles when no decision is open on the state and no snapshot of it is under way. */
  private batch: Promise<unknown> | undefined;
  private readonly contention = new Contention();
  /** How many ask for somebody's rights right now. */
  private guests = 0;

  constructor(
    private readonly id: string,
    private readonly context: QueueContext,
    private readonly onIdle: () => void,
  ) {}

  push(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (this.draining) return;
    this.draining = true;
    void this.drain();
  }

  /** Settles when every command that is in the queue now was answered and nothing is done with the state. */
  async settled(): Promise<void> {
    while (this.draining || this.batch) await (this.batch ?? new Promise(setImmediate));
  }

  /**
   * What a user of this account may do in it and in a client of it, at a revision that is in the log.
   * @param atHead whether the stream must be read first, as another writer may have added to it
   */
  async authority({ id, key, isIssuer }: Guest, client: string, atHead: boolean): Promise<ForeignAuthority> {
    this.guests += 1;
    try {
      while (this.batch) await this.batch;
      return await this.exclusively(async (account) => {
        if (atHead || account.isUnverified) await this.read(account);
        const authority = isIssuer
          ? authorityOfIssuer(account.state, id, client)
          : authorityOf(account.state, id, client, key);
        return { ...authority, revision: account.revision };
      });
    } finally {
      this.guests -= 1;
      this.leaveIfIdle();
    }
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      // The turn of the event loop that brought this command may bring more: they share one append.
      await new Promise(setImmediate);
      await this.contention.makeRoom();
      // Nothing may come between the last look and the taking of the turn.
      while (this.batch) await this.batch;
      await this.exclusively((account) => this.runBatch(account));
    }
    this.draining = false;
    this.leaveIfIdle();
  }

  private leaveIfIdle(): void {
    if (!this.draining && !this.batch && this.guests === 0) this.onIdle();
  }

  /** Nobody else touches the account's state during the work, nor during the snapshot that may follow it. */
  private exclusively<T>(work: (account: CachedAccount) => Promise<T>): Promise<T> {
    const account = this.context.cache.get(this.id);
    const result = work(account);
    this.batch = result
      .then(() => this.saveIfDue(account))
      .catch(() => undefined)
      .finally(() => {
        this.batch = undefined;
        this.leaveIfIdle();
      });
    return result;
  }

  /** Those who were waiting for the work have heard by now; those who come during the save wait for it. */
  private async saveIfDue(account: CachedAccount): Promise<void> {
    const { snapshots, closing } = this.context;
    if (!snapshots?.isDue(account.unsaved, this.waiting.length > 0)) return;
    if (account.state.journal.length > 0 || closing.aborted) return;
    await account.save(snapshots, closing);
  }

  private async runBatch(account: CachedAccount): Promise<void> {
    let decided: readonly Decided[] = [];
    try {
      if (account.isUnverified) await this.read(account);
      const foreign = await this.foreignAuthorities(account);
      decided = this.decide(account, foreign);
      this.waiting.splice(0, decided.length);
      await this.settle(account, decided, foreign);
    } catch (error) {
      // What comes before an unreadable event is known by now, and right.
      if (!(error instanceof UnreadableEvent)) this.context.cache.drop(this.id);
      const failed = [...decided.map(({ waiting }) => waiting), ...this.waiting.splice(0)];
      for (const { reject } of failed) reject(unavailable(error));
    }
  }

  private decide(account: CachedAccount, foreign: ForeignAuthorities): Decided[] {
    const limits = { bytes: this.context.store.maxAppendBytes, events: MAX_EVENTS };
    const unknown = this.waiting.findIndex(({ command }) => !foreign.covers(command));
    const commands = unknown < 0 ? this.waiting : this.waiting.slice(0, unknown);
    const { elsewhere, now } = this.context;
    return decideBatch(account, commands, foreign, elsewhere, limits, now);
  }

  private async settle(
    account: CachedAccount,
    decided: readonly Decided[],
    foreign: ForeignAuthorities,
  ): Promise<void> {
    const { store, project } = this.context;
    const encoded = decided.flatMap(({ events }) => events);
    if (encoded.length > 0) {
      if (!(await this.store(account, encoded, decided))) return;
      await project(
        this.id,
        encoded.map(({ record }) => record),
      );
    } else if (!store.soleWriter && (await this.read(account))) {
      this.putBack(decided);
      return;
    }
    for (const one of decided) if (one.events.length > 0) answer(one);
    await this.answerSilent(
      decided.filter(({ events }) => events.length === 0),
      foreign,
    );
  }

  /** Answers decisions without events; those that rest on rights no longer held are decided again. */
  private async answerSilent(silent: readonly Decided[], foreign: ForeignAuthorities): Promise<void> {
    const { store } = this.context;
    const outdated: Decided[] = [];
    for (const one of silent) {
      try {
        if (store.soleWriter || (await foreign.stillHolds(one.waiting.command))) answer(one);
        else outdated.push(one);
      } catch (error) {
        one.waiting.reject(unavailable(error));
      }
    }
    this.putBack(outdated);
  }

  /** @returns false when nothing was written; those who wait are then in the queue again or were told */
  private async store(
    account: CachedAccount,
    encoded: readonly EncodedEvent[],
    decided: readonly Decided[],
  ): Promise<boolean> {
    try {
      const begun = performance.now();
      await this.appendExactly(account.revision, encoded, decided);
      this.contention.won(performance.now() - begun);
    } catch (error) {
      rollBack(account.state.journal);
      account.isUnverified = true;
      if (error instanceof RevisionConflict) {
        this.putBack(decided);
        await this.contention.lost();
      } else {
        for (const { waiting } of decided) waiting.reject(unavailable(error));
        this.giveUpWaiting(error);
      }
      return false;
    }
    const last = encoded.at(-1);
    if (last) account.advance(last.record);
    this.context.cache.grown(account);
    return true;
  }

  /** Appends; as long as the outcome is unknown it repeats the very same append, which is exact. */
  private async appendExactly(
    base: number,
    encoded: readonly EncodedEvent[],
    decided: readonly Decided[],
  ): Promise<void> {
    const events = encoded.map(({ proposed }) => proposed);
    const deadline = Math.min(...decided.map(({ waiting }) => waiting.since)) + this.context.patienceMs;
    for (let pause = 10; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.context.store.append(accountStream(this.id), base, events);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || performance.now() + pause > deadline) throw error;
        this.giveUpWaiting(error);
        await sleep(pause);
      }
    }
  }

  /** Tells those whose turn does not come in time. Nothing was decided for them. */
  private giveUpWaiting(error: unknown): void {
    const limit = performance.now() - this.context.patienceMs;
    const isLate = ({ since }: Waiting) => since < limit;
    for (const { reject } of this.waiting.filter(isLate)) reject(unavailable(error));
    this.waiting = this.waiting.filter((waiting) => !isLate(waiting));
  }

  /** Puts commands back to be decided again; those that waited too long are given up. */
  private putBack(decided: readonly Decided[]): void {
    const now = performance.now();
    const again: Waiting[] = [];
    for (const { waiting } of decided) {
      if (now - waiting.since < this.context.patienceMs) again.push(waiting);
      else
        waiting.reject(
          new Rejection('unavailable', 'The account is changed by too many at once; try again shortly'),
        );
    }
    this.waiting = [...again, ...this.waiting];
  }

  private async foreignAuthorities(account: CachedAccount): Promise<ForeignAuthorities> {
    const { store, queueOf } = this.context;
    const foreign = new ForeignAuthorities(account.state, (guest) =>
      queueOf(guest.account).authority(guest, this.id, !store.soleWriter),
    );
    const commands = this.waiting.slice(0, MAX_EVENTS).map(({ command }) => command);
    await foreign.learn(commands);
    return foreign;
  }

  private async read(account: CachedAccount): Promise<boolean> {
    const { store, snapshots, cache, onRead } = this.context;
    try {
      const moved = await account.catchUp(store, snapshots);
      onRead(this.id);
      return moved;
    } catch (error) {
      if (error instanceof UnreadableEvent) onRead(this.id, error);
      throw error;
    } finally {
      cache.grown(account);
    }
  }
}

function answer({ waiting, result }: Decided): void {
  if ('outcome' in result) waiting.resolve(result.outcome);
  else waiting.reject(result.error);
}
