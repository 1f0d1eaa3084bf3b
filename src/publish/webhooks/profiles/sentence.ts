import { eventCatalogue, isEventType } from '../../../domain/event-catalogue.js';
import type { ToldEvent } from './told-event.js';

/** What happened in one English sentence, with ids where the audit log has names; of a thin event its name in words. */
export function sentenceOf({ event: { type, authid, authtype }, data, isThin }: ToldEvent): string {
  if (isThin || !isEventType(type)) return wordsOf(type);
  const done = eventCatalogue[type].summary.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
    const id = data[`${word}_id`];
    const value = data[word];
    if (typeof id === 'string') return `${word} ${id}`;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : 'none';
  });
  const actor = authtype === 'app_user' ? `user ${authid ?? ''}` : (authid ?? 'somebody');
  return `${actor} ${done}`;
}

/** `UserAddedToGroup` as `User added to group`. */
export function wordsOf(type: string): string {
  const [first = '', ...rest] = type.split(/(?<=[a-z])(?=[A-Z])/);
  return [first, ...rest.map((word) => (word.length > 1 ? word.toLowerCase() : word))].join(' ');
}
