import { authorityOf, authorityOfIssuer } from '../domain/authority.js';
import { type EncodedEvent, UnreadableEvent } from '../event-store/codec.js';
import { RevisionConflict, sizeOf, StoreUnavailable } from '../event-store/event-store.js';
import { shortPauses } from '../event-store/retry.js';
import { AccountStream } from './account-stream.js';
import type { CachedAccount } from './cached-account.js';
import { Contention } from './contention.js';
import { answer, decideTogether, type Decision } from './decisions.js';
import { ExclusiveAccount } from './exclusive-account.js';
import { ForeignAuthorities } from './foreign-authorities.js';
import type { ForeignAuthority, ForeignUser } from './foreign-authority.js';
import type { QueueContext } from './queue-context.js';
import { unavailable } from './unavailable.js';
import { isLate, type WaitingCommand, WaitingCommands } from './waiting-commands.js';

const MAX_EVENTS = 500;

/**
 * The commands of one account. They are decided one after the other in memory and appended together.
 * An answer tells only what is in the log, or what was true at its head.
 */
export class AccountQueue {
  private readonly waiting = new WaitingCommands();
  private readonly account: ExclusiveAccount;
  private readonly stream: AccountStream;
  private readonly contention = new Contention();
  /** The pauses between tries to learn the rights of actors. */
  private readonly pauses = shortPauses();
  private draining: Promise<void> | undefined;

  constructor(
    private readonly id: string,
    private readonly context: QueueContext,
    private readonly onIdle: () => void,
  ) {
    this.stream = new AccountStream(id, context);
    const isAwaited = () => !this.waiting.isEmpty;
    this.account = new ExclusiveAccount(id, context, isAwaited, () => this.leaveIfIdle());
  }

  push(command: WaitingCommand): void {
    this.waiting.add(command);
    this.draining ??= this.drain();
  }

  /** Resolves when every command now in the queue was answered and no work on the state is left. */
  async settled(): Promise<void> {
    await this.draining;
    await this.account.freed();
  }

  /**
   * What a user of this account may do in it and in a client of it, at a revision that is in the log.
   * @param atHead whether the stream must be read first, because another writer may have added to it
   */
  authority({ id, key, isIssuer }: ForeignUser, client: string, atHead: boolean): Promise<ForeignAuthority> {
    return this.account.use(async (account) => {
      if (atHead || account.isUnverified) await this.stream.load(account);
      const authority = isIssuer
        ? authorityOfIssuer(account.state, id, client)
        : authorityOf(account.state, id, client, key);
      return { ...authority, revision: account.revision };
    });
  }

  private async drain(): Promise<void> {
    while (!this.waiting.isEmpty) {
      // The same turn of the event loop may bring more commands. All of them share one append.
      await new Promise(setImmediate);
      await this.contention.makeRoom();
      await this.account.use((account) => this.work(account));
    }
    this.draining = undefined;
    this.leaveIfIdle();
  }

  private leaveIfIdle(): void {
    if (!this.draining && this.account.isFree) this.onIdle();
  }

  private async work(account: CachedAccount): Promise<void> {
    let decisions: readonly Decision[] = [];
    try {
      if (account.isUnverified) await this.waiting.repeat(() => this.stream.load(account));
      const foreign = new ForeignAuthorities(this.id, account.state, this.context);
      await foreign.learn(this.waiting.all.slice(0, MAX_EVENTS));
      decisions = this.decide(account, foreign);
      if (decisions.length > 0 && (await this.store(account, decisions)))
        await this.answer(decisions, foreign);
      if (foreign.lost) await this.waitForAuthorities(foreign.lost);
      else this.pauses.reset();
    } catch (error) {
      for (const { waiting } of decisions) waiting.reject(unavailable(error));
      // Commands that came meanwhile get a try of their own.
      if (error instanceof StoreUnavailable) return;
      // The state before an unreadable event is right and stays in the cache.
      if (!(error instanceof UnreadableEvent)) this.context.cache.drop(this.id);
      this.waiting.rejectAll(error);
    }
  }

  private decide(account: CachedAccount, foreign: ForeignAuthorities): Decision[] {
    const { store, elsewhere, growth, now } = this.context;
    const limits = { bytes: store.maxAppendBytes, events: MAX_EVENTS, growth };
    const ready = this.waiting.all.filter(({ command }) => foreign.covers(command));
    const decisions = decideTogether(account, ready, foreign, elsewhere, limits, now);
    this.waiting.remove(new Set(decisions.map(({ waiting }) => waiting)));
    return decisions;
  }

  /** @returns whether the decisions hold; if not, their commands are in the queue again or were refused */
  private async store(account: CachedAccount, decisions: readonly Decision[]): Promise<boolean> {
    const askers = decisions.map(({ waiting }) => waiting);
    const events = decisions.flatMap((decision) => decision.events);
    if (events.length > 0) return this.append(account, events, askers);
    if (this.context.store.soleWriter) return true;
    const head = account.revision;
    await this.waiting.repeat(() => this.stream.load(account), askers);
    if (account.revision === head) return true;
    this.waiting.putBack(askers);
    return false;
  }

  private async append(
    account: CachedAccount,
    events: readonly EncodedEvent[],
    askers: readonly WaitingCommand[],
  ): Promise<boolean> {
    const begun = performance.now();
    try {
      await this.stream.append(account, events, (step) => this.waiting.repeat(step, askers));
    } catch (error) {
      if (error instanceof RevisionConflict) {
        this.waiting.putBack(askers);
        await this.contention.lost();
      } else for (const { reject } of askers) reject(unavailable(error));
      return false;
    }
    this.contention.won(performance.now() - begun);
    const bytes = events.reduce((sum, { proposed }) => sum + sizeOf(proposed), 0);
    this.context.growth.count(this.id, account.state, bytes);
    const records = events.map(({ record }) => record);
    await this.context.project(this.id, records);
    return true;
  }

  /**
   * Answers commands with decisions that hold.
   * A decision without events is made again if the rights it rests on are gone or can no longer be learnt.
   */
  private async answer(decisions: readonly Decision[], foreign: ForeignAuthorities): Promise<void> {
    const again: WaitingCommand[] = [];
    for (const one of decisions) if (one.events.length > 0) answer(one);
    for (const one of decisions.filter(({ events }) => events.length === 0))
      try {
        if (await foreign.stillHolds(one.waiting)) answer(one);
        else again.push(one.waiting);
      } catch (error) {
        if (error instanceof StoreUnavailable && !isLate(one.waiting, performance.now()))
          again.push(one.waiting);
        else one.waiting.reject(unavailable(error));
      }
    this.waiting.putBack(again);
  }

  /** Leaves commands for the next turn when the rights of their actors could not be learnt. */
  private async waitForAuthorities(failure: StoreUnavailable): Promise<void> {
    this.waiting.rejectLate(failure, performance.now() + this.pauses.next);
    if (!this.waiting.isEmpty) await this.pauses.take();
  }
}
