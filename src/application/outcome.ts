import type { DomainEvent } from '../domain/aggregates.js';
import type { StateAfter } from '../domain/decide.js';

/** What became of a command that was not refused. */
export interface Outcome {
  readonly account: string;
  /**
   * The revision of the account after the command.
   * It is that of the last event, or of the state that needed no change.
   */
  readonly revision: number;
  readonly events: readonly DomainEvent[];
  /** What the command was about, at exactly that revision. The views may be further on. */
  readonly after: StateAfter;
  /** When the command was decided, in ISO 8601, in UTC with milliseconds. Its events have the same time. */
  readonly time: string;
}
