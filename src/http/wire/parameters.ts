import { Rejection } from '../../domain/rejection.js';

/** A query string as it was sent: a parameter that stands there more than once has a list of values. */
export type SentQuery = Readonly<Record<string, unknown>>;

/** @throws Rejection bad_request for a parameter that is not among the known ones */
export function requireKnown(query: SentQuery, known: readonly string[]): void {
  for (const name of Object.keys(query))
    if (!known.includes(name))
      throw new Rejection('bad_request', `There is no parameter ${shown(name)} here`);
}

/** @param why there is none of them here @throws Rejection bad_request */
export function refuseParameters(query: SentQuery, names: readonly string[], why: string): void {
  const sent = names.find((name) => query[name] !== undefined);
  if (sent !== undefined)
    throw new Rejection('bad_request', `There is no parameter ${shown(sent)} here: ${why}`);
}

/** Every value of a parameter, none when it is not sent. @throws Rejection bad_request for a blank one */
export function valuesOf(query: SentQuery, name: string): readonly string[] {
  const sent = query[name];
  if (sent === undefined) return [];
  return (Array.isArray(sent) ? sent : [sent]).map((value: unknown) => {
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw new Rejection('bad_request', `${name} must not be blank`);
  });
}

/** The value of a parameter that may stand there once. @throws Rejection bad_request */
export function valueOf(query: SentQuery, name: string): string | undefined {
  const [value, ...more] = valuesOf(query, name);
  if (more.length > 0) throw new Rejection('bad_request', `${name} can be given once only`);
  return value;
}

/** As {@link valueOf}, one of some words. @throws Rejection bad_request */
export function choiceOf<Word extends string>(
  query: SentQuery,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = valueOf(query, name);
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (word === undefined) throw new Rejection('bad_request', `${name} must be one of ${words.join(', ')}`);
  return word;
}

/** As {@link valueOf}, a whole number within bounds. @throws Rejection bad_request */
export function numberOf(query: SentQuery, name: string, least: number, most: number): number | undefined {
  const value = valueOf(query, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new Rejection('bad_request', `${name} must be a whole number from ${least} to ${most}`);
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
