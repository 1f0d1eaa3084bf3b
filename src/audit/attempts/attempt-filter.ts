import type { Filter, FilterField } from '../audit-query.js';
import { wordsOf } from '../index/words.js';
import type { TriedAttempt } from './flood.js';

/** Whether an attempt passes all filters. What only events have, an attempt has none of. */
export function passes(attempt: TriedAttempt, filters: readonly Filter[]): boolean {
  return filters.every(
    ({ field, values, isNegated }) => values.some((value) => has(attempt, field, value)) !== isNegated,
  );
}

function has(attempt: TriedAttempt, field: FilterField, value: string): boolean {
  const { actor, subjects, credential } = attempt;
  switch (field) {
    case 'actor':
      return actor !== null && (actor.id ?? actor.kind) === value;
    case 'subject':
      return subjects.some(({ id }) => id === value);
    case 'user':
    case 'group':
    case 'role':
      return subjects.some(({ type, id }) => type === field && id === value);
    case 'credential':
      return credential !== null && (credential.id === value || credential.kind === value);
    case 'via':
      return attempt.via === value;
    case 'request_id':
      return attempt.request_id === value;
    case 'privileged':
      return value === 'false';
    case 'q':
      return hasWords(attempt, value);
    case 'type':
    case 'category':
    case 'command_id':
      return false;
  }
}

/** All words, each a word or the beginning of one, of the names and the claimed address. */
function hasWords({ actor, subjects, credential, claimed }: TriedAttempt, query: string): boolean {
  const texts = [actor?.name, credential?.name, ...subjects.map(({ name }) => name)];
  if (claimed && 'email' in claimed) texts.push(claimed.email);
  const words = wordsOf(texts.filter((text) => typeof text === 'string').join(' '));
  return wordsOf(query).every((wanted) => words.some((word) => word.startsWith(wanted)));
}
