import { Injectable } from '@nestjs/common';
import type { AuditCount } from './answers.js';
import type { Attempt } from './attempts/attempt.js';
import { Attempts } from './attempts/attempts.js';
import { AuditLog } from './audit-log.js';
import type { Statistic } from './audit-query.js';
import { inOrder, spanOf, startOf } from './time-spans.js';
import { attemptsIn, requireRange, type TrailQuestion } from './trail-question.js';

/** Counts what was done in an account, from its log, and what was tried, from the attempts journal. */
@Injectable()
export class TrailCounts {
  constructor(
    private readonly audit: AuditLog,
    private readonly attempts: Attempts,
  ) {}

  /** @throws Rejection bad_request, unavailable, account_unreadable; the signal's reason */
  async of(asked: TrailQuestion, by: Statistic, signal?: AbortSignal): Promise<AuditCount[]> {
    const { at, outcome, query } = asked;
    if (outcome === 'succeeded') return this.audit.stats(at, query, by, signal);
    await requireRange(this.audit, asked, signal);
    const done = outcome === 'any' ? await this.audit.stats(at, query, by, signal) : [];
    const counts = new Map(done.map((one) => [one.key, one]));
    const take = (attempt: Attempt) => {
      const key = keyOf(attempt, by);
      if (!key) return;
      const known = counts.get(key.key) ?? { ...key, count: 0 };
      counts.set(key.key, { ...known, count: known.count + 1 + attempt.repeated });
    };
    await this.attempts.each(at.account, { ...query, outcomes: attemptsIn(outcome) }, take, signal);
    return inOrder([...counts.values()], by);
  }
}

/** What an attempt counts for; undefined for what it does not have, such as a category. */
function keyOf({ time, actor }: Attempt, by: Statistic): Omit<AuditCount, 'count'> | undefined {
  const span = spanOf(by);
  if (span !== undefined) return { key: new Date(startOf(Date.parse(time), span)).toISOString() };
  if (by !== 'actor' || !actor) return undefined;
  return { key: actor.id ?? actor.kind, name: actor.name };
}
