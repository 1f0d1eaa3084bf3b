import { Logger } from '@nestjs/common';
import { memoryBudget } from '../../application/memory-budget.js';
import { unavailable } from '../../application/unavailable.js';
import { Rejection } from '../../domain/rejection.js';
import { explain, isEnvironmental } from '../../event-store/sqlite-failure.js';
import { within } from '../../event-store/within.js';
import type { AuditQuestion } from '../question.js';
import type { AuditSource } from '../source.js';
import { Answering } from './answering.js';
import { AuditDatabase, isOfDatabase } from './audit-database.js';
import { CatchUp } from './catch-up.js';
import { type AuditIndexOptions, PATIENCE_MS } from './audit-index-options.js';
import { Backlog } from './backlog.js';
import { Session } from './session.js';
import { Warnings } from './warnings.js';

const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;
interface Opened {
  readonly session: Session;
  readonly catchUp: CatchUp;
}

/**
 * The audit index: follows the log, and answers. It stands in one file, which is made again from the log whenever it is
 * gone or damaged; as long as it cannot be written, questions are refused and indexing is tried again.
 */
export class AuditIndex {
  private readonly logger = new Logger(AuditIndex.name);
  private readonly closing = new AbortController();
  private readonly backlog: Backlog;
  private opened: Opened | undefined;
  private working: Promise<void> | undefined;
  private pauseMs = SHORTEST_PAUSE_MS;
  private timer: NodeJS.Timeout | undefined;
  private readonly warnings = new Warnings(AuditIndex.name);

  constructor(
    private readonly options: AuditIndexOptions,
    private readonly source: AuditSource,
  ) {
    this.backlog = new Backlog(source, this.closing.signal, () => this.wake());
  }

  /** Says that accounts are at these revisions by now; they are indexed when there is time. */
  note(heads: Iterable<readonly [account: string, revision: number]>): void {
    this.backlog.note(heads);
    this.wake();
  }

  /** @throws Rejection, or the signal's reason */
  async answer(question: AuditQuestion, signal?: AbortSignal): Promise<unknown> {
    const { account, revision } = question.at;
    let opened: Opened | undefined;
    try {
      opened = await this.open();
      const { session, catchUp } = opened;
      await this.waitFor(catchUp, account, revision);
      signal?.throwIfAborted();
      return await new Answering(session, () => session.account(account), signal).to(question);
    } catch (error) {
      if (error instanceof Rejection || signal?.aborted) throw error;
      this.loseFor(error, opened);
      throw unavailable(error);
    }
  }

  async stop(): Promise<void> {
    this.closing.abort();
    clearTimeout(this.timer);
    this.backlog.hurry();
    this.opened?.catchUp.giveUp(stopping());
    await this.working;
    try {
      this.opened?.session.database.close();
    } catch (error) {
      this.logger.warn(`The last of the audit index was not written: ${explain(error)}`);
    }
    this.opened = undefined;
  }

  private async waitFor(catchUp: CatchUp, account: string, revision: number): Promise<void> {
    if (catchUp.isAt(account, revision)) return;
    const reached = catchUp.reached(account, revision);
    this.backlog.hurry();
    this.wake();
    const late = () => stillIndexing(catchUp.revisionOf(account), revision);
    await within(this.options.patienceMs ?? PATIENCE_MS, reached, late);
  }

  private async open(): Promise<Opened> {
    if (this.closing.signal.aborted) throw stopping();
    if (this.opened) return this.opened;
    if (this.timer) throw new Rejection('unavailable', 'The audit index cannot be read or written for now');
    const logId = await this.source.logId();
    return this.openNow(logId);
  }

  private openNow(logId: string): Opened {
    // Somebody else may have opened it meanwhile.
    if (this.opened) return this.opened;
    const { path, code, entryOf, mostBytes = memoryBudget(30).one } = this.options;
    const database = AuditDatabase.open(path, logId, code);
    const session = new Session(database, entryOf, mostBytes);
    const opened = { session, catchUp: new CatchUp(session, this.source, this.closing.signal) };
    database.onLost = (error) => this.loseFor(error, opened);
    this.opened = opened;
    return opened;
  }

  /** Works in the background until all accounts are indexed as far as was told. */
  private wake(): void {
    if (this.working || this.timer || this.closing.signal.aborted) return;
    this.working = this.work().finally(() => {
      this.working = undefined;
      if (this.hasWork()) this.wake();
    });
  }

  private hasWork(): boolean {
    const { opened } = this;
    return opened !== undefined && (opened.catchUp.isWanted || this.backlog.hasWork(opened.catchUp));
  }

  private async work(): Promise<void> {
    let opened: Opened | undefined;
    try {
      opened = await this.open();
      while (!this.closing.signal.aborted && this.opened === opened) {
        await opened.catchUp.serve();
        if (!(await this.backlog.workOff(opened.catchUp))) return;
        this.pauseMs = SHORTEST_PAUSE_MS;
      }
    } catch (error) {
      if (this.opened === opened) this.lose(error);
    }
  }

  /** An index that was given up already is not given up again. */
  private loseFor(error: unknown, opened: Opened | undefined): void {
    if (isOfDatabase(error) && this.opened === opened) this.lose(error);
  }

  /** Gives the file up, and tries again after a while: from what was durable, or from nothing when it is damaged. */
  private lose(error: unknown): void {
    if (this.closing.signal.aborted) return;
    const { opened } = this;
    this.opened = undefined;
    opened?.catchUp.giveUp(new Rejection('unavailable', 'The audit index cannot be read or written for now'));
    try {
      opened?.session.database.abandon();
    } catch {
      // It is not used any more.
    }
    this.warnings.tell(`The audit index cannot be used and is tried again: ${explain(error)}`);
    if (isOfDatabase(error) && !isEnvironmental(error)) AuditDatabase.discard(this.options.path);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.wake();
    }, this.pauseMs).unref();
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function stillIndexing(indexed: number, wanted: number): Rejection {
  const progress = `${indexed + 1} of ${wanted + 1} events so far`;
  return new Rejection(
    'unavailable',
    `The audit log of this account is being indexed, ${progress}; try again shortly`,
  );
}

function stopping(): Rejection {
  return new Rejection('unavailable', 'The service is stopping');
}
