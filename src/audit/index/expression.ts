import { Rejection } from '../../domain/rejection.js';
import type { Filter } from '../audit-query.js';
import type { Subject } from '../entry.js';
import { PRIVILEGED, term } from './terms.js';
import { rangeOf, type TermRange, wordsOf } from './words.js';

/** Which entries are wanted, by what the index knows of them. */
export type Expression =
  | { readonly kind: 'term'; readonly term: string }
  /** Any term of a range. */
  | { readonly kind: 'range'; readonly range: TermRange }
  /** The id of the command or request, found by its hash. */
  | { readonly kind: 'id'; readonly of: 'command_id' | 'request_id'; readonly id: string }
  | { readonly kind: 'any' | 'all'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression };

const subjectTypes = [
  'user',
  'group',
  'role',
  'client',
  'account',
  'webhook',
] as const satisfies Subject['type'][];

/** All filters, as one expression. @throws Rejection bad_request for a search without a word */
export function expressionOf(filters: readonly Filter[]): Expression {
  const of = filters.map(({ field, isNegated, values }): Expression => {
    const any: Expression = { kind: 'any', of: values.map((value) => expressionFor(field, value)) };
    return isNegated ? { kind: 'not', of: any } : any;
  });
  return { kind: 'all', of };
}

function expressionFor(field: Filter['field'], value: string): Expression {
  switch (field) {
    case 'command_id':
    case 'request_id':
      return { kind: 'id', of: field, id: value };
    case 'subject':
      return { kind: 'any', of: subjectTypes.map((type) => ({ kind: 'term', term: term(type, value) })) };
    case 'privileged': {
      const privileged: Expression = { kind: 'term', term: PRIVILEGED };
      return value === 'true' ? privileged : { kind: 'not', of: privileged };
    }
    case 'q':
      return { kind: 'all', of: wordsIn(value).map((word) => ({ kind: 'range', range: rangeOf(word) })) };
    default:
      return { kind: 'term', term: term(field, value) };
  }
}

function wordsIn(search: string): string[] {
  const words = wordsOf(search);
  if (words.length === 0) throw new Rejection('bad_request', '"q" needs a letter or a digit');
  return words;
}
