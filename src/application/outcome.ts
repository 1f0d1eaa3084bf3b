import type { DomainEvent } from '../domain/aggregates.js';
import type { StateAfter } from '../domain/decide.js';

/** What became of a command that was not refused. */
export interface Outcome {
  readonly account: string;
  /** The account's revision with the command done: of its last event, or of the state that needed no change. */
  readonly revision: number;
  readonly events: readonly DomainEvent[];
  /** What the command was about, at exactly that revision; the views may be further already. */
  readonly after: StateAfter;
  /** When it was decided, ISO 8601 in UTC with milliseconds; the time of its events. */
  readonly time: string;
}
