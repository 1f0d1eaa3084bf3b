import type { PastQuestion } from './past/past-question.js';
import type { AuditQuestion } from './question.js';

/** The token of what implements it. */
export const AUDIT_DOOR = Symbol('AuditDoor');

/** Where questions go: to an index on a thread of its own, or to one on this thread. */
export interface AuditDoor {
  /** @throws Rejection, or the signal's reason */
  answer(question: AuditQuestion | PastQuestion, signal?: AbortSignal): Promise<unknown>;
  /** Begins to index in the background what nobody has asked for yet. */
  start(): void;
  /** Says that an account is at a revision by now. */
  moved(account: string, revision: number): void;
  stop(): Promise<void>;
}
