import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { Rejection } from '../../domain/rejection.js';
import { Pauses } from '../../event-store/pauses.js';
import type { AuditDoor } from '../audit-door.js';
import type { FindUses } from '../past/past.js';
import type { PastQuestion } from '../past/past-question.js';
import type { AuditQuestion } from '../question.js';
import type { AuditSource } from '../source.js';
import { Busyness } from './busyness.js';
import { HeadNotices } from './head-notices.js';
import { RemoteCalls } from './remote-calls.js';
import type { WorkerSettings } from './worker.js';

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** The longest stop that nobody is told of, in milliseconds. */
const LONG_STOP_MS = 10_000;

export interface AuditThreadOptions extends WorkerSettings {
  readonly source: Pick<AuditSource, 'logId' | 'events'>;
  readonly lastUses: FindUses;
  /** All accounts with the revisions that they are at. */
  readonly heads: () => Iterable<readonly [account: string, revision: number]>;
}

/** The audit index on a thread of its own. The thread is begun when somebody asks, and begun again after a crash. */
export class AuditThread implements AuditDoor {
  private readonly logger = new Logger(AuditThread.name);
  private readonly stopping = new AbortController();
  private readonly pauses: Pauses;
  private readonly notices = new HeadNotices((heads) => this.note(heads));
  private thread: { readonly worker: Worker; readonly calls: RemoteCalls } | undefined;
  private isResting = false;

  constructor(private readonly options: AuditThreadOptions) {
    const { signal } = this.stopping;
    this.pauses = new Pauses(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, { signal, ref: false });
  }

  async answer(question: AuditQuestion | PastQuestion, signal?: AbortSignal): Promise<unknown> {
    const calls = this.callsOf();
    const answer = await calls.call('answer', question, signal);
    this.pauses.reset();
    return answer;
  }

  start(): void {
    if (!this.isResting && !this.stopping.signal.aborted) this.callsOf();
  }

  moved(account: string, revision: number): void {
    if (this.thread) this.notices.add(account, revision);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.notices.stop();
    const { thread } = this;
    if (!thread) return;
    const ended = once(thread.worker, 'exit');
    thread.worker.ref();
    thread.calls.call('stop', undefined).catch(() => undefined);
    const slow = setTimeout(() => this.logger.warn('The audit index takes long to stop'), LONG_STOP_MS);
    // A thread that is terminated in the middle of a call of SQLite aborts the process (node-addon-api 8).
    await ended;
    clearTimeout(slow);
  }

  private callsOf(): RemoteCalls {
    if (this.stopping.signal.aborted) throw new Rejection('unavailable', 'The service is stopping');
    if (this.isResting) throw lost();
    this.thread ??= this.begin();
    return this.thread.calls;
  }

  private begin() {
    const { path, snapshots, views, accountsMemory, source, lastUses, heads } = this.options;
    const settings: WorkerSettings = { path, snapshots, views, accountsMemory };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: settings });
    worker.unref();
    const busyness = new Busyness();
    const calls = new RemoteCalls(worker, {
      logId: () => source.logId(),
      isBusy: () => busyness.isBusy,
      events: ({ account, after }: { account: string; after: number }) => source.events(account, after),
      lastUses: ({ account, keyIds }: { account: string; keyIds: readonly string[] }) =>
        lastUses(account, keyIds),
      tell: ({
        level,
        message,
        context,
      }: {
        level: 'log' | 'error' | 'warn';
        message: string;
        context: string;
      }) => new Logger(context)[level](message),
    });
    worker.on('error', (error) => this.logger.error(`The audit index has crashed: ${String(error)}`));
    worker.on('exit', () => void this.restart(calls));
    void calls.call('note', [...heads()]).catch(() => undefined);
    return { worker, calls };
  }

  private note(heads: readonly (readonly [string, number])[]): void {
    void this.thread?.calls.call('note', heads).catch(() => undefined);
  }

  private async restart(calls: RemoteCalls): Promise<void> {
    calls.failAll(lost());
    this.thread = undefined;
    if (this.stopping.signal.aborted) return;
    this.isResting = true;
    await this.pauses.take();
    this.isResting = false;
    this.start();
  }
}

function lost(): Rejection {
  return new Rejection('unavailable', 'The audit index is being started again; try again shortly');
}
