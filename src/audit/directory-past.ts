import { Rejection } from '../domain/rejection.js';
import { ahead } from './ahead.js';
import type { AuditDoor } from './audit-door.js';
import type { AuditMoment } from './audit-query.js';
import type {
  ComparedKey,
  Explanation,
  HoldersStep,
  PastQuestion,
  ReviewStep,
} from './past/past-question.js';

/** How many things are compared in one go: a thread is not busy for long with them. */
const COMPARED_AT_ONCE = 50;

/**
 * Asks why an account's directory was as it was at a moment.
 * Every question throws Rejection `unavailable` or `account_unreadable`, and the signal's reason.
 */
export class DirectoryPast {
  /** @param settle makes what the views show durable, for others to read; false when it is not, for want of room */
  constructor(
    private readonly door: AuditDoor,
    private readonly settle: () => boolean,
  ) {}

  /** Why a user holds a permission, or why not any more. @throws Rejection user_not_found */
  async explanation(
    at: AuditMoment,
    user: string,
    permission: string,
    signal?: AbortSignal,
  ): Promise<Explanation> {
    return (await this.ask({ kind: 'explanation', at, user, permission }, signal)) as Explanation;
  }

  /** Users who hold a permission, in the order in which they were made. @param page after the number of a user */
  async holders(
    at: AuditMoment,
    page: { readonly permission: string; readonly after: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<HoldersStep> {
    return (await this.ask({ kind: 'holders', at, ...page }, signal)) as HoldersStep;
  }

  /**
   * What each user holds and by which ways, in pieces of rows that are JSON each. A piece is made while the one before is
   * taken.
   * @param isOfPresent whether it also tells when keys were used last
   */
  async *review(
    at: AuditMoment,
    isOfPresent: boolean,
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly rows: readonly string[] }> {
    const step = async (after?: number) =>
      (await this.ask(
        { kind: 'review', at, isOfPresent, ...(after === undefined ? {} : { after }) },
        signal,
      )) as ReviewStep;
    for await (const { rows } of ahead(step)) yield { rows };
  }

  /**
   * How an account, or one thing of it, differs from what it was at a revision: pieces of changes that are JSON each.
   * @param thing undefined for the whole account
   */
  async *diff(
    at: AuditMoment,
    from: number,
    thing: ComparedKey | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly rows: readonly string[] }> {
    const things = thing ? [thing] : await this.touched(at, from, signal);
    const extent = thing ? 'alone' : 'among others';
    for (let first = 0; first < things.length; first += COMPARED_AT_ONCE) {
      const some = things.slice(first, first + COMPARED_AT_ONCE);
      const rows = (await this.ask(
        { kind: 'diff', at, from, things: some, extent },
        signal,
      )) as readonly string[];
      yield { rows };
    }
  }

  private async touched(
    at: AuditMoment,
    from: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly ComparedKey[]> {
    return (await this.ask({ kind: 'touched', at, from }, signal)) as readonly ComparedKey[];
  }

  private async ask(question: PastQuestion, signal: AbortSignal | undefined): Promise<unknown> {
    const { account, revision } = question.at;
    if (!this.settle())
      throw new Rejection('unavailable', 'The views cannot be written right now, as the disk is full');
    return this.door.answer({ ...question, at: { account, revision } }, signal);
  }
}
