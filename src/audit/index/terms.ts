import type { Entry, Subject } from '../entry.js';

/** What an entry is found by, besides words, times and the ids of its command and request. */
export function termsOf({ actor, credential, subjects, ...entry }: Entry): string[] {
  const terms = [
    term('actor', actor.id ?? actor.kind),
    term('type', entry.event),
    term('category', entry.category),
    term('via', entry.via),
  ];
  if (entry.privileged) terms.push(PRIVILEGED);
  if (credential) terms.push(term('credential', credential.kind));
  if (typeof credential?.id === 'string') terms.push(term('credential', credential.id));
  for (const { type, id } of subjects) terms.push(term(type, id));
  return terms;
}

/** The names whose words an entry is found by, besides those of its summary and reason. */
export function namesIn({ actor, subjects, credential }: Entry): string[] {
  const names = subjects.map(({ name }) => name);
  names.push(actor.name);
  if (typeof credential?.name === 'string') names.push(credential.name);
  return names;
}

export const PRIVILEGED = 'privileged';

export function term(
  field: Subject['type'] | 'actor' | 'type' | 'category' | 'via' | 'credential',
  value: string,
): string {
  return `${field}:${value}`;
}
