import { authorityOf, authorityOfIssuer } from '../domain/authority.js';
import { rollBack } from '../domain/journaled-map.js';
import { Rejection } from '../domain/rejection.js';
import { accountStream, type EncodedEvent, UnreadableEvent } from '../event-store/codec.js';
import { RevisionConflict, StoreUnavailable } from '../event-store/event-store.js';
import { retry, shortPauses } from '../event-store/retry.js';
import { within } from '../event-store/within.js';
import { answer, decideTogether, type Decision, type Waiting } from './decisions.js';
import type { CachedAccount } from './cached-account.js';
import { Contention } from './contention.js';
import { ForeignAuthorities, type ForeignAuthority, type ForeignUser } from './foreign-authorities.js';
import type { QueueContext } from './queue-context.js';
import { unavailable } from './unavailable.js';

const MAX_EVENTS = 500;
/** Even who has waited for long has so much time to learn of an actor's rights, in milliseconds. */
const SHORTEST_TRY_MS = 1_000;

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
  /** Between tries to learn the rights of actors. */
  private readonly pauses = shortPauses();
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
  async authority(
    { id, key, isIssuer }: ForeignUser,
    client: string,
    atHead: boolean,
  ): Promise<ForeignAuthority> {
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
    let decided: readonly Decision[] = [];
    try {
      if (account.isUnverified) await this.retry(() => this.read(account));
      const foreign = await this.foreignAuthorities(account);
      decided = this.decide(account, foreign);
      if (decided.length > 0) await this.settle(account, decided, foreign);
      if (foreign.lost) await this.waitForAuthorities(foreign.lost);
      else this.pauses.reset();
    } catch (error) {
      for (const { waiting } of decided) waiting.reject(unavailable(error));
      // Who has come meanwhile has a try of his own.
      if (error instanceof StoreUnavailable) return;
      // What comes before an unreadable event is known by now, and right.
      if (!(error instanceof UnreadableEvent)) this.context.cache.drop(this.id);
      for (const { reject } of this.waiting.splice(0)) reject(unavailable(error));
    }
  }

  private decide(account: CachedAccount, foreign: ForeignAuthorities): Decision[] {
    const limits = { bytes: this.context.store.maxAppendBytes, events: MAX_EVENTS };
    const { elsewhere, now } = this.context;
    const ready = this.waiting.filter(({ command }) => foreign.covers(command));
    const decided = decideTogether(account, ready, foreign, elsewhere, limits, now);
    const taken = new Set(decided.map(({ waiting }) => waiting));
    this.waiting = this.waiting.filter((waiting) => !taken.has(waiting));
    return decided;
  }

  /** Leaves those for the next batch of whose actors nothing could be learnt. */
  private async waitForAuthorities(failure: StoreUnavailable): Promise<void> {
    this.giveUpWaiting(failure, performance.now() + this.pauses.next);
    if (this.waiting.length > 0) await this.pauses.take();
  }

  private async settle(
    account: CachedAccount,
    decided: readonly Decision[],
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
    } else if (!store.soleWriter) {
      const head = account.revision;
      const askers = decided.map(({ waiting }) => waiting);
      await this.retry(() => this.read(account), askers);
      if (account.revision > head) {
        this.putBack(decided);
        return;
      }
    }
    for (const one of decided) if (one.events.length > 0) answer(one);
    await this.answerSilent(
      decided.filter(({ events }) => events.length === 0),
      foreign,
    );
  }

  /** Answers decisions without events; those that rest on rights no longer held, or no longer known, are decided again. */
  private async answerSilent(silent: readonly Decision[], foreign: ForeignAuthorities): Promise<void> {
    const { store } = this.context;
    const outdated: Decision[] = [];
    for (const one of silent) {
      try {
        if (store.soleWriter || (await foreign.stillHolds(one.waiting))) answer(one);
        else outdated.push(one);
      } catch (error) {
        const isFinal = !(error instanceof StoreUnavailable) || this.isLate(one.waiting, performance.now());
        if (isFinal) one.waiting.reject(unavailable(error));
        else outdated.push(one);
      }
    }
    this.putBack(outdated);
  }

  /** @returns false when nothing was written; those who wait are then in the queue again or were told */
  private async store(
    account: CachedAccount,
    encoded: readonly EncodedEvent[],
    decided: readonly Decision[],
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
    decided: readonly Decision[],
  ): Promise<void> {
    const events = encoded.map(({ proposed }) => proposed);
    const askers = decided.map(({ waiting }) => waiting);
    await this.retry(() => this.context.store.append(accountStream(this.id), base, events), askers);
  }

  /** Takes a step again while the store does not answer and one of those still waits who have asked for it. */
  private retry<Result>(step: () => Promise<Result>, askers?: readonly Waiting[]): Promise<Result> {
    return retry(step, (failure, next) => {
      this.giveUpWaiting(failure, next);
      for (const waiting of askers ?? [])
        if (this.isLate(waiting, next)) waiting.reject(unavailable(failure));
      return (askers ?? this.waiting).some((waiting) => !this.isLate(waiting, next));
    });
  }

  private isLate({ since }: Waiting, now: number): boolean {
    return now - since >= this.context.patienceMs;
  }

  /** Tells those whose turn does not come in time. Nothing was decided for them. */
  private giveUpWaiting(error: unknown, now: number): void {
    const late = this.waiting.filter((waiting) => this.isLate(waiting, now));
    for (const { reject } of late) reject(unavailable(error));
    if (late.length > 0) this.waiting = this.waiting.filter((waiting) => !this.isLate(waiting, now));
  }

  /** Puts commands back to be decided again; those that waited too long are given up. */
  private putBack(decided: readonly Decision[]): void {
    const now = performance.now();
    const again: Waiting[] = [];
    for (const { waiting } of decided) {
      if (!this.isLate(waiting, now)) again.push(waiting);
      else
        waiting.reject(
          new Rejection('unavailable', 'The account is changed by too many at once; try again shortly'),
        );
    }
    this.waiting = [...again, ...this.waiting];
  }

  private async foreignAuthorities(account: CachedAccount): Promise<ForeignAuthorities> {
    const { store, queueOf } = this.context;
    const foreign = new ForeignAuthorities(account.state, (guest, { since }) => {
      // The other queue may itself be held up by the store.
      const left = Math.max(since + this.context.patienceMs - performance.now(), SHORTEST_TRY_MS);
      const late = () =>
        new StoreUnavailable(`What the account ${guest.account} says of its user is not known in time`);
      return within(left, queueOf(guest.account).authority(guest, this.id, !store.soleWriter), late);
    });
    await foreign.learn(this.waiting.slice(0, MAX_EVENTS));
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
