import type { Answer } from '../../support/api-client.js';
import type { Attempt } from './attempts.js';
import type { Caller } from './callers.js';

/** How far accounts have come, by their ids. */
export type Revisions = ReadonlyMap<string, number>;

/**
 * What an answer should not have done; undefined when it is as it should be.
 * @param before how far all accounts had come @param after how far they have come now
 */
export function fault(
  { name, own, hidden }: Pick<Caller, 'name' | 'own' | 'hidden'>,
  attempt: Attempt,
  { status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>,
  before: Revisions,
  after: Revisions,
): string | undefined {
  const { operation, what, url, body, isRefused } = attempt;
  const at = `${operation.method} ${operation.path} as ${name} with ${what}: ${status}`;
  const moved = [...after].filter(([account, revision]) => before.get(account) !== revision);
  const foreign = moved.find(([account]) => account !== own.account);
  if (foreign) return `${at} wrote to ${foreign[0]}`;
  const isDone = status < 400;
  if (!isDone && moved.length > 0) return `${at} wrote and was refused`;
  if (status >= 500) return `${at} is a fault`;
  const shown = `${text}\n${[...headers].join('\n')}`;
  // An answer may repeat what was sent, but what is done to something in the path may not be to something foreign.
  const sent = JSON.stringify(body ?? '') + (isDone ? url.replace(/^[^?]*/, '') : url);
  const leak = hidden.find((one) => shown.includes(one) && !sent.includes(one));
  if (leak !== undefined) return `${at} shows ${leak}`;
  return isRefused && isDone ? `${at} is no refusal` : undefined;
}
