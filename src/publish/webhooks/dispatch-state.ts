import type { WarningLevel } from './retry-schedule.js';
import type { HeldUnit } from './unit.js';

/** Where the deliveries of a webhook stand: what is needed to go on after a crash. */
export interface DispatchState {
  /** The cursor up to which events were looked at. */
  readonly scanned: string;
  /** Oldest first. */
  readonly held: readonly HeldUnit[];
  /** The last warning since something was accepted. */
  readonly warned: WarningLevel | 0;
}

/** The cursor up to which every event was accepted, given up or not wanted. */
export function watermarkOf({ held: [first], scanned }: Pick<DispatchState, 'held' | 'scanned'>): string {
  return first?.before ?? scanned;
}

export interface DispatchRules {
  /** `subject`: units wait for those before them with a key in common; `account`: all wait in one queue. */
  readonly order: 'subject' | 'account' | 'none';
  /** What becomes of a unit after its last attempt. */
  readonly onExhausted: 'disable' | 'skip';
  /** How much may be held, as {@link weightOf} counts it. */
  readonly mostHeld: number;
}

/** Why a unit was not accepted. */
export interface Failure {
  /** How long the receiver asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether the receiver wants nothing more at all (410). */
  readonly isGone?: boolean;
}

/** What becomes of a unit after a failed attempt. */
export type Verdict =
  /** It is tried again at a time in milliseconds since the epoch. */
  | { readonly kind: 'again'; readonly due: number; readonly warning?: WarningLevel }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'disable'; readonly reason: 'gone' | 'exhausted' };

/** About how many bytes a unit takes where it is saved. */
export function weightOf({
  events,
  attempts = [],
  keys,
}: Pick<HeldUnit, 'events' | 'attempts' | 'keys'>): number {
  return 260 + events.length * 75 + attempts.length * 150 + keys.length * 39;
}
