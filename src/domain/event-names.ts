import { eventCatalogue } from './event-catalogue.js';

const names = Object.keys(eventCatalogue);

/** Whether a text is the name of an event, or begins as one and has `*` for the rest. `*` alone is any. */
export function isEventPattern(text: string): boolean {
  return names.some((name) => isNamedBy(name, text));
}

/** Whether a pattern names an event. */
export function isNamedBy(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
