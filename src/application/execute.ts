import type { Command } from '../domain/aggregates.js';
import { defaultLimits, type Limits } from '../domain/limits.js';
import type { OtherAccounts } from '../domain/questions.js';
import { Rejection } from '../domain/rejection.js';
import type { AccountEventRecord } from '../event-store/codec.js';
import type { EventStore } from '../event-store/event-store.js';
import { PATIENCE_MS } from '../event-store/retry.js';
import { AccountCache } from './account-cache.js';
import { AccountQueue } from './account-queue.js';
import type { DailyLog } from './daily-log.js';
import { Growth } from './growth.js';
import { memoryBudget, type MemoryBudget } from './memory-budget.js';
import type { Outcome } from './outcome.js';
import type { Snapshots } from './snapshots.js';
import { Turns } from './turns.js';
import type { WaitingCommand } from './waiting-commands.js';

/** The limits of one process. */
export interface ExecuteLimits {
  /** How long a command may take, in milliseconds, before its caller is told to try again. */
  readonly patienceMs: number;
  readonly memory: MemoryBudget;
  /** How many of something there can be. */
  readonly limits: Limits;
  /** Without it, a company may add to the log what it will. */
  readonly daily?: DailyLog;
}

/** A caller has an answer within ten seconds, even with a last attempt at the end of its patience. */
const standard: ExecuteLimits = {
  ...{ patienceMs: PATIENCE_MS, memory: memoryBudget(30), limits: defaultLimits },
};

/** Which accounts belong together. */
interface Families {
  /** The company of a client account; nothing for what is no client. */
  parentOf(account: string): string | null | undefined;
}

/** The one way in which a command changes anything: load, decide, append, evolve, project. */
export class Execute {
  private readonly queues = new Map<string, AccountQueue>();
  private readonly cache: AccountCache;
  private readonly growth: Growth;
  private readonly patienceMs: number;
  private readonly closing = new AbortController();
  /**
   * Called whenever a command has caused a read of an account's log.
   * @param error says why the account takes no commands, if it takes none
   */
  onRead: (account: string, error?: Error) => void = () => undefined;
  /**
   * The turns of commands that give a client an external id, by its company and that id.
   * Each command is decided on views that know the results of the earlier ones.
   */
  private readonly turns = new Turns();

  /**
   * @param elsewhere what the views say of other accounts
   * @param snapshots where states are saved for the next start; without it, an account that is not in memory
   *   is folded from its first event
   */
  constructor(
    private readonly store: EventStore,
    private readonly project: (account: string, records: readonly AccountEventRecord[]) => Promise<void>,
    private readonly elsewhere: OtherAccounts & Families,
    private readonly snapshots?: Snapshots,
    private readonly now: () => Date = () => new Date(),
    limits: Partial<ExecuteLimits> = {},
  ) {
    const { patienceMs, memory, limits: most, daily } = { ...standard, ...limits };
    this.patienceMs = patienceMs;
    this.cache = new AccountCache(memory);
    this.growth = new Growth(most, memory.one, daily);
  }

  /**
   * Carries a command out. When it resolves, the events are in the log and in the views.
   * @throws Rejection when a rule refuses, or `unavailable` when the outcome could not be learnt in time
   */
  run(command: Command): Promise<Outcome> {
    const deadline = this.deadline();
    const externalId = this.clientExternalId(command);
    if (externalId === undefined) return this.enqueue({ command, deadline, isRehearsal: false });
    return this.turns.take(externalId, () => this.enqueue({ command, deadline, isRehearsal: false }));
  }

  /**
   * Decides a command without doing it: what refuses it would refuse it now.
   * @returns whether it would do anything
   * @throws Rejection as {@link run}
   */
  async rehearse(command: Command): Promise<boolean> {
    const { events } = await this.enqueue({ command, deadline: this.deadline(), isRehearsal: true });
    return events.length > 0;
  }

  /** Takes no more commands and waits for those under way. A snapshot under way is given up. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.queues.values()].map((queue) => queue.settled()));
  }

  private deadline(): number {
    return performance.now() + this.patienceMs;
  }

  private enqueue(asked: Omit<WaitingCommand, 'resolve' | 'reject'>): Promise<Outcome> {
    if (this.closing.signal.aborted)
      return Promise.reject(new Rejection('unavailable', 'The service is stopping'));
    return new Promise((resolve, reject) =>
      this.queueOf(asked.command.account).push({ ...asked, resolve, reject }),
    );
  }

  private queueOf(account: string): AccountQueue {
    const known = this.queues.get(account);
    if (known) return known;
    const { store, cache, growth, project, elsewhere, now, snapshots } = this;
    const context = {
      ...{ store, cache, growth, project, elsewhere, now, snapshots, closing: this.closing.signal },
      queueOf: (id: string) => this.queueOf(id),
      onRead: (id: string, error?: Error) => this.onRead(id, error),
    };
    const queue = new AccountQueue(account, context, () => this.queues.delete(account));
    this.queues.set(account, queue);
    return queue;
  }

  /** The external id that a command may give to a client, after its company; undefined for any other command. */
  private clientExternalId({ type, account, data }: Command): string | undefined {
    if (type !== 'OpenClient' && type !== 'UpdateClient') return undefined;
    const company = type === 'OpenClient' ? data.parent_id : (this.elsewhere.parentOf(account) ?? account);
    return typeof data.external_id === 'string' ? `${company} ${data.external_id}` : undefined;
  }
}
