import { ahead } from './ahead.js';
import type { AuditDoor } from './audit-door.js';
import type { AuditCount, AuditPage, ExportChunk, ShownEntry } from './answers.js';
import type { AuditMoment, AuditPaging, AuditQuery, Statistic } from './audit-query.js';
import type { ExportStep } from './index/answering.js';
import type { AuditQuestion, Matches, Thing } from './question.js';

type Asked = AuditQuestion extends infer One
  ? One extends unknown
    ? Omit<One, 'at' | 'now'>
    : never
  : never;

/** How long after a start the index begins, in milliseconds: other things of a start come first. */
const START_AFTER_MS = 5_000;

/**
 * Asks the audit log of an account, as of the moment that its views show.
 * Every question throws Rejection `bad_request`, `unavailable` or `account_unreadable`, and the signal's reason.
 */
export class AuditLog {
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param now the time of day, in milliseconds since the epoch
   * @param isCalm whether the service has time for what nobody has asked for yet
   */
  constructor(
    private readonly door: AuditDoor,
    private readonly now: () => number,
    private readonly isCalm: () => boolean = () => true,
  ) {}

  /** Has the index filled in the background, once the service has time after its start. */
  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (!this.isCalm()) return;
      clearInterval(this.timer);
      this.door.start();
    }, START_AFTER_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.door.stop();
  }

  async page(
    at: AuditMoment,
    query: AuditQuery,
    paging: AuditPaging,
    signal?: AbortSignal,
  ): Promise<AuditPage> {
    return (await this.ask(at, { kind: 'page', query, paging }, signal)) as AuditPage;
  }

  /** @returns undefined for a revision that there is not */
  async entry(at: AuditMoment, revision: number): Promise<ShownEntry | undefined> {
    return ((await this.ask(at, { kind: 'entry', revision })) as ShownEntry | null) ?? undefined;
  }

  /** Everything that ever touched a thing, newest first, each with the changes of that thing alone. */
  async history(
    at: AuditMoment,
    thing: Thing,
    paging: AuditPaging,
    signal?: AbortSignal,
  ): Promise<AuditPage> {
    return (await this.ask(at, { kind: 'history', thing, paging }, signal)) as AuditPage;
  }

  /** The next revisions after one that pass a query, whatever its order. */
  async matches(
    at: AuditMoment,
    query: AuditQuery,
    after: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Matches> {
    return (await this.ask(at, { kind: 'matches', query, after, limit }, signal)) as Matches;
  }

  async stats(
    at: AuditMoment,
    query: AuditQuery,
    by: Statistic,
    signal?: AbortSignal,
  ): Promise<AuditCount[]> {
    return (await this.ask(at, { kind: 'stats', query, by }, signal)) as AuditCount[];
  }

  /** All rows of a query in chunks. Each is made while the one before is taken. */
  async *export(at: AuditMoment, query: AuditQuery, signal?: AbortSignal): AsyncGenerator<ExportChunk> {
    const step = async (after?: { readonly revision: number }) =>
      (await this.ask(at, { kind: 'export', query, ...(after ? { after } : {}) }, signal)) as ExportStep;
    for await (const { rows, revisions } of ahead(step)) if (rows.length > 0) yield { rows, revisions };
  }

  private ask(at: AuditMoment, question: Asked, signal?: AbortSignal): Promise<unknown> {
    const { account, revision } = at;
    const whole = { ...question, at: { account, revision }, now: this.now() };
    return this.door.answer(whole, signal);
  }
}
