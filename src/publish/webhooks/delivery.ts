import {
  type DeliveryStatus,
  deliveryStatuses,
  type KeptDelivery,
} from '../../event-store/subscriber-log.js';
import type { AttemptPlace, EventPlace } from './unit.js';

/** The states in which deliveries can be asked for. */
export const states: readonly DeliveryStatus[] = deliveryStatuses;

/** One request, as its delivery tells of it. */
export interface Attempt {
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  readonly duration_ms: number;
  /** Null when no answer came. */
  readonly status_code: number | null;
  /** The beginning of the answer, at most 1 kB. */
  readonly response: string;
  /** Why it counts as failed, in plain words. */
  readonly error?: string;
}

/** What became of an event that was sent, or is to be. */
export interface Delivery {
  readonly id: string;
  /** The `id` of the event; of a batch that of its last. */
  readonly event_id: string;
  readonly event_type: string;
  readonly status: DeliveryStatus;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  /** ISO 8601 in UTC with milliseconds; absent when there is none. */
  readonly next_attempt?: string;
}

/** A delivery with what is needed to make it once more. */
export interface RepeatableDelivery extends Delivery {
  /** The events that it carries; none when it carries what is not in the log. */
  readonly events: readonly EventPlace[];
  readonly attemptPlaces?: readonly AttemptPlace[] | undefined;
  readonly keys: readonly string[];
}

/** @param time when it was planned, in milliseconds since the epoch */
export function kept({ id, status, ...rest }: RepeatableDelivery, time: number): KeptDelivery {
  return { id, time, status, data: JSON.stringify(rest) };
}

/** Whether it can be made once more: a test is what it was then. */
export function isRepeatable({ events, attemptPlaces = [] }: RepeatableDelivery): boolean {
  return events.length + attemptPlaces.length > 0;
}

export function deliveryIn({ id, status, data }: KeptDelivery): RepeatableDelivery {
  return { id, status, ...(JSON.parse(data) as Omit<RepeatableDelivery, 'id' | 'status'>) };
}

/** As it is shown. */
export function shown({ id, event_id, event_type, status, attempts, next_attempt }: Delivery): Delivery {
  const next = next_attempt === undefined ? {} : { next_attempt };
  return { id, event_id, event_type, status, attempts, ...next };
}
