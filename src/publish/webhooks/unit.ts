import type { AttemptKey } from '../../event-store/attempt-log.js';
import { eventId } from '../../feed/cloud-event.js';

/** The place of an event in the log. */
export interface EventPlace {
  readonly account: string;
  readonly revision: number;
}

/** The place of an attempt among those of its account. */
export interface AttemptPlace extends AttemptKey {
  readonly account: string;
  /** Where it is told once more: the final count of those that were counted with it. */
  readonly final: number | null;
}

/** What goes out in one request: one event, or several as a batch. */
export interface Unit {
  /** Of its delivery. */
  readonly id: string;
  /** In order; none when it carries what is not in the log. */
  readonly events: readonly EventPlace[];
  /** The attempts that it carries, in order. */
  readonly attempts?: readonly AttemptPlace[];
  /** The `id` of an event that is not in the log. */
  readonly eventId?: string;
  /** The type of the last event. */
  readonly type: string;
  /** Of several units with a key in common, one goes out at a time and the older first. */
  readonly keys: readonly string[];
  /** The cursor that stands just before its first event. */
  readonly before: string;
  /** When it was planned, in milliseconds since the epoch. */
  readonly planned: number;
}

/** The `id` of the last event of a unit, which names the whole request. */
export function eventIdOf({
  id,
  events,
  eventId: own = id,
}: Pick<Unit, 'id' | 'events' | 'eventId'>): string {
  const last = events.at(-1);
  return last ? eventId(last.account, last.revision) : own;
}

/** A unit that is neither accepted nor given up. */
export interface HeldUnit extends Unit {
  /** How many attempts have failed. */
  readonly failures: number;
  /** Not before this time is the next attempt, in milliseconds since the epoch. */
  readonly due: number;
}
