import { unavailable } from '../../application/unavailable.js';
import { Rejection } from '../../domain/rejection.js';
import { Differences } from '../../read/differences.js';
import { Grants, type Reader } from '../../read/grants.js';
import { Holders } from '../../read/holders.js';
import { ReviewedUsers } from '../../read/reviewed-users.js';
import type { AuditMoment } from '../audit-query.js';
import type { AuditIndex } from '../index/audit-index.js';
import type { Thing } from '../question.js';
import type { Cause, FindCauses } from './cause.js';
import { explanation } from './explanation.js';
import { holdersStep } from './holders.js';
import type { PastQuestion } from './past-question.js';
import { reviewStep } from './review.js';
import { touched } from './touched.js';

/** Where the views are read. */
export interface ViewsSource {
  open(): Reader;
  /** To be called after a failed read. The next one opens the views anew. */
  close(): void;
}

/** When keys of an account were used last, in milliseconds since the epoch, by their ids. @throws Rejection unavailable */
export type FindUses = (account: string, keyIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** Answers from the views and from the audit index about accounts as they were. */
export class Past {
  /** What was found out about the moment of the last question: a review asks many times about one. */
  private prepared:
    { readonly key: string; readonly users: ReviewedUsers; readonly grants: Grants } | undefined;

  private compared: { readonly key: string; readonly differences: Differences } | undefined;

  constructor(
    private readonly views: ViewsSource,
    private readonly index: AuditIndex,
    private readonly uses: FindUses,
  ) {}

  /** @throws Rejection, or the signal's reason */
  async answer(question: PastQuestion, signal?: AbortSignal): Promise<unknown> {
    const { at } = question;
    const find: FindCauses = (revisions) =>
      this.causes(
        at,
        [...new Set(revisions)].sort((a, b) => a - b),
        signal,
      );
    try {
      switch (question.kind) {
        case 'explanation': {
          const { users, grants } = this.at(at);
          return await explanation(question, users, grants, find);
        }
        case 'holders': {
          const { reader, number } = this.accountAt(at);
          return holdersStep(question, new Holders(reader, number, at.revision));
        }
        case 'review': {
          const { users, grants } = this.at(at);
          const uses = (keyIds: readonly string[]) =>
            question.isOfPresent ? this.uses(at.account, keyIds) : Promise.resolve(new Map<string, number>());
          return await reviewStep(question.after ?? 0, users, grants, { find, uses });
        }
        case 'touched': {
          const asked = { kind: 'subjects', at, now: 0, after: question.from } as const;
          const subjects = (await this.index.answer(asked, signal)) as readonly Thing[];
          return await touched(subjects, this.differences(at, question.from), signal);
        }
        case 'diff': {
          const differences = this.differences(at, question.from);
          return question.things.flatMap((thing) =>
            differences.of(thing, question.extent).map((change) => JSON.stringify(change)),
          );
        }
      }
    } catch (error) {
      if (error instanceof Rejection || signal?.aborted) throw error;
      this.close();
      throw unavailable(error);
    }
  }

  close(): void {
    this.prepared = undefined;
    this.compared = undefined;
    this.views.close();
  }

  private at({ account, revision }: AuditMoment) {
    const key = `${account}@${revision}`;
    const { reader, number } = this.accountAt({ account, revision });
    if (this.prepared?.key !== key) {
      const users = new ReviewedUsers(reader, number, revision);
      this.prepared = { key, users, grants: new Grants(reader, revision) };
    }
    return this.prepared;
  }

  private differences(at: AuditMoment, from: number): Differences {
    const key = `${at.account}@${from}..${at.revision}`;
    const { reader, number } = this.accountAt(at);
    if (this.compared?.key !== key) {
      const grants = { then: new Grants(reader, from), now: new Grants(reader, at.revision) };
      const between = { from, to: at.revision };
      this.compared = { key, differences: new Differences(reader, number, between, grants) };
    }
    return this.compared.differences;
  }

  private accountAt({ account, revision }: AuditMoment) {
    const reader = this.views.open();
    const checkpoint = reader
      .prepare<{ number: number; revision: number }>(
        'SELECT number, revision FROM checkpoints WHERE account = ?',
      )
      .get(account);
    if (!checkpoint || checkpoint.revision < revision)
      throw new Rejection('unavailable', 'The views of this account are being made again; try again shortly');
    return { reader, number: checkpoint.number };
  }

  private async causes(at: AuditMoment, revisions: readonly number[], signal: AbortSignal | undefined) {
    const question = { kind: 'causes', at, now: 0, revisions } as const;
    const causes = (await this.index.answer(question, signal)) as readonly Cause[];
    return new Map(causes.map((cause) => [cause.revision, cause]));
  }
}
