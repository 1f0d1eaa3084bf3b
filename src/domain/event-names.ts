import { deliveryEvents } from './delivery-events.js';
import { eventCatalogue } from './event-catalogue.js';
import { Rejection } from './rejection.js';

/** The names of all events, in order. */
export const eventNames: readonly string[] = Object.keys({ ...eventCatalogue, ...deliveryEvents }).sort();

/** Whether a text is the name of an event, or begins as one and has `*` for the rest. `*` alone is any. */
export function isEventPattern(text: string): boolean {
  return namesBy(text).length > 0;
}

/**
 * The names that a list of patterns means, each once; blanks around a pattern do not count.
 * @throws Rejection bad_request for a pattern that means no event
 */
export function eventNamesIn(patterns: readonly string[]): readonly string[] {
  return [...new Set(patterns.flatMap((pattern) => requiredBy(pattern.trim())))];
}

function requiredBy(pattern: string): readonly string[] {
  const names = namesBy(pattern);
  if (names.length > 0) return names;
  throw new Rejection(
    'bad_request',
    `${JSON.stringify(pattern.slice(0, 64))} is no event; GET /api/v2/event-types lists them, and * stands for the rest of a name`,
  );
}

function namesBy(pattern: string): readonly string[] {
  const [start, isWild] = pattern.endsWith('*') ? [pattern.slice(0, -1), true] : [pattern, false];
  return eventNames.filter((name) => (isWild ? name.startsWith(start) : name === start));
}
