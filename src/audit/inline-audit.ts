import type { AuditDoor } from './audit-door.js';
import type { AuditIndex } from './index/audit-index.js';
import type { Past } from './past/past.js';
import { isAboutPast, type PastQuestion } from './past/past-question.js';
import type { AuditQuestion } from './question.js';

/** An audit index on this thread, for a log in memory. Each question has it filled as far as it needs. */
export class InlineAudit implements AuditDoor {
  constructor(
    private readonly index: AuditIndex,
    private readonly past: Past,
  ) {}

  answer(question: AuditQuestion | PastQuestion, signal?: AbortSignal): Promise<unknown> {
    if (isAboutPast(question)) return this.past.answer(question, signal);
    return this.index.answer(question, signal);
  }

  start(): void {
    // Each question brings its account up to date.
  }

  moved(): void {
    // As above.
  }

  stop(): Promise<void> {
    return this.index.stop();
  }
}
