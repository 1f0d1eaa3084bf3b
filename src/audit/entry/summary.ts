import { eventCatalogue } from '../../domain/event-catalogue.js';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { NamesOfThen } from './names-of-then.js';
import type { Reference } from './subjects.js';

/** Who did what to whom in one English sentence: the actor, and what the event's manifest says of it. */
export function summaryOf(
  { event }: AccountEventRecord,
  references: readonly Reference[],
  names: NamesOfThen,
): string {
  const data: Readonly<Record<string, unknown>> = event.data;
  const done = eventCatalogue[event.type].summary.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
    const reference = references.find(({ type }) => type === word);
    if (reference) return names.before(reference);
    if (word === 'key') return names.key(String(data['key_id'])) ?? '';
    const value = data[word];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : 'none';
  });
  return `${names.actor()} ${done}`;
}
