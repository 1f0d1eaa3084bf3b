import { setTimeout as sleep } from 'node:timers/promises';
import { authorityOf } from '../domain/decide.js';
import { rollBack } from '../domain/journaled-map.js';
import { Rejection } from '../domain/rejection.js';
import { type AccountEventRecord, accountStream, type EncodedEvent } from '../event-store/codec.js';
import { type EventStore, RevisionConflict, StoreUnavailable } from '../event-store/event-store.js';
import type { AccountCache } from './account-cache.js';
import { actorKey, decideBatch, type Decided, type ForeignAuthority, type Waiting } from './batch.js';
import type { CachedAccount } from './cached-account.js';

const MAX_EVENTS = 500;
/** How long a command may take, in milliseconds, before its caller is told to try again. */
const PATIENCE_MS = 10_000;
const LONGEST_PAUSE_MS = 250;

export interface QueueContext {
  readonly store: EventStore;
  readonly cache: AccountCache;
  readonly now: () => Date;
  /** Brings stored events to the views. */
  readonly project: (account: string, records: readonly AccountEventRecord[]) => Promise<void>;
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
  /** Settles when no decision is open on the state. */
  private batch: Promise<unknown> | undefined;
  private conflicts = 0;
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

  /** Settles when every command that is in the queue now was answered. */
  async settled(): Promise<void> {
    while (this.draining) await new Promise(setImmediate);
  }

  /**
   * What a user of this account may do, at a revision that is in the log.
   * @param atHead whether the stream must be read first, as another writer may have added to it
   */
  async authority(userId: string, atHead: boolean): Promise<ForeignAuthority> {
    this.guests += 1;
    try {
      for (let mustRead = atHead; ; mustRead = false) {
        while (this.batch) await this.batch;
        const account = this.context.cache.get(this.id);
        if (!account.isUnverified && !mustRead)
          return { ...authorityOf(account.state, userId), revision: account.revision };
        await this.exclusively(() => this.read(account));
      }
    } finally {
      this.guests -= 1;
      this.leaveIfIdle();
    }
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      // The turn of the event loop that brought this command may bring more: they share one append.
      await new Promise(setImmediate);
      while (this.batch) await this.batch;
      await this.exclusively(() => this.runBatch());
    }
    this.draining = false;
    this.leaveIfIdle();
  }

  private leaveIfIdle(): void {
    if (!this.draining && this.guests === 0) this.onIdle();
  }

  private async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const batch = work();
    const settled = batch.catch(() => undefined).finally(() => (this.batch = undefined));
    this.batch = settled;
    await settled;
    return batch;
  }

  private async runBatch(): Promise<void> {
    const account = this.context.cache.get(this.id);
    let decided: readonly Decided[] = [];
    try {
      if (account.isUnverified) await this.read(account);
      const foreign = await this.foreignAuthorities(account);
      decided = this.decide(account, foreign);
      this.waiting.splice(0, decided.length);
      await this.settle(account, decided, foreign);
    } catch (error) {
      this.context.cache.drop(this.id);
      const failed = [...decided.map(({ waiting }) => waiting), ...this.waiting.splice(0)];
      for (const { reject } of failed) reject(unavailable(error));
    }
  }

  private decide(account: CachedAccount, foreign: ReadonlyMap<string, ForeignAuthority>): Decided[] {
    const limits = { bytes: this.context.store.maxAppendBytes, events: MAX_EVENTS };
    const unknown = this.waiting.findIndex(({ command }) => {
      const key = actorKey(command);
      return key !== undefined && !foreign.has(key);
    });
    const commands = unknown < 0 ? this.waiting : this.waiting.slice(0, unknown);
    return decideBatch(account, commands, foreign, limits, this.context.now);
  }

  private async settle(
    account: CachedAccount,
    decided: readonly Decided[],
    foreign: ReadonlyMap<string, ForeignAuthority>,
  ): Promise<void> {
    const { store, project } = this.context;
    const base = account.revision;
    const encoded = decided.flatMap(({ events }) => events);
    if (encoded.length > 0) {
      if (!(await this.store(account, encoded, decided))) return;
      await project(this.id, records(this.id, base, encoded));
    } else if (!store.soleWriter && (await this.read(account))) {
      this.waiting.unshift(...decided.map(({ waiting }) => waiting));
      return;
    }
    let revision = base;
    const silent: [Decided, number][] = [];
    for (const one of decided) {
      revision += one.events.length;
      if (one.events.length === 0) silent.push([one, revision]);
      else one.waiting.resolve({ account: this.id, revision, events: one.events.map(({ event }) => event) });
    }
    for (const [{ waiting, rejection }, at] of silent) {
      if (!(await this.isProven(waiting, foreign))) this.waiting.unshift(waiting);
      else if (rejection) waiting.reject(rejection);
      else waiting.resolve({ account: this.id, revision: at, events: [] });
    }
  }

  /** @returns false when nothing was written; those who wait are then in the queue again or were told */
  private async store(
    account: CachedAccount,
    encoded: readonly EncodedEvent[],
    decided: readonly Decided[],
  ): Promise<boolean> {
    try {
      await this.appendExactly(
        account.revision,
        encoded.map(({ proposed }) => proposed),
      );
    } catch (error) {
      rollBack(account.state.journal);
      account.isUnverified = true;
      if (error instanceof RevisionConflict) await this.tryAgain(decided);
      else for (const { waiting } of decided) waiting.reject(unavailable(error));
      return false;
    }
    account.advance(account.revision + encoded.length, encoded.at(-1)?.metadata.time ?? account.time);
    this.conflicts = 0;
    return true;
  }

  /** Appends; as long as the outcome is unknown it repeats the very same append, which is exact. */
  private async appendExactly(base: number, events: Parameters<EventStore['append']>[2]): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let pause = 10; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.context.store.append(accountStream(this.id), base, events);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || Date.now() + pause > deadline) throw error;
        await sleep(pause);
      }
    }
  }

  /** Puts commands back after another writer was faster; those that waited too long are given up. */
  private async tryAgain(decided: readonly Decided[]): Promise<void> {
    const now = Date.now();
    const again: Waiting[] = [];
    for (const { waiting } of decided) {
      if (now - waiting.since < PATIENCE_MS) again.push(waiting);
      else
        waiting.reject(
          new Rejection('unavailable', 'The account is changed by too many at once; try again shortly'),
        );
    }
    this.waiting.unshift(...again);
    this.conflicts += 1;
    await sleep(Math.random() * Math.min(2 ** this.conflicts, LONGEST_PAUSE_MS));
  }

  /** Whether the actor's rights in another account, on which a decision without events rests, still hold at its head. */
  private async isProven(
    { command }: Waiting,
    foreign: ReadonlyMap<string, ForeignAuthority>,
  ): Promise<boolean> {
    const { actor } = command.meta;
    const before = foreign.get(actorKey(command) ?? '');
    if (this.context.store.soleWriter || before?.revision === undefined || actor.type !== 'user') return true;
    const { revision } = await this.context.queueOf(actor.account).authority(actor.id, true);
    return revision === before.revision;
  }

  /** The rights of the actors from the parent account; whoever comes from elsewhere has none here. */
  private async foreignAuthorities(account: CachedAccount): Promise<ReadonlyMap<string, ForeignAuthority>> {
    const foreign = new Map<string, ForeignAuthority>();
    const parent = account.state.account.get('account')?.parent_id;
    for (const { command } of this.waiting.slice(0, MAX_EVENTS)) {
      const { actor } = command.meta;
      const key = actorKey(command);
      if (key === undefined || foreign.has(key) || actor.type !== 'user') continue;
      // Only the way up is taken, never the way down, so that two queues cannot wait for each other.
      const isParent = actor.account === (command.type === 'OpenClient' ? command.data.parent_id : parent);
      foreign.set(
        key,
        isParent ? await this.context.queueOf(actor.account).authority(actor.id, false) : nobody,
      );
    }
    return foreign;
  }

  private async read(account: CachedAccount): Promise<boolean> {
    const moved = await account.catchUp(this.context.store);
    this.context.cache.trim();
    return moved;
  }
}

const nobody: ForeignAuthority = { holdings: new Set(), inCompany: false, revision: undefined };

function records(account: string, base: number, encoded: readonly EncodedEvent[]): AccountEventRecord[] {
  return encoded.map(({ event, metadata, proposed }, index) => ({
    ...{ id: proposed.id, account, revision: base + 1 + index, event, metadata },
  }));
}

/** What the caller hears of a failure that is not a refusal. */
function unavailable(error: unknown): Rejection {
  const rejection = new Rejection('unavailable');
  rejection.cause = error;
  return rejection;
}
