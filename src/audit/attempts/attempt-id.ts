import { randomBytes } from 'node:crypto';

let [last, count] = [0, 0];

/**
 * An id of an attempt: 32 hexadecimal digits, of which the first 12 are the time and the next 4 count the attempts of
 * this process at that time. So attempts of one moment are in the order in which they happened.
 * @param now in milliseconds since the epoch
 */
export function attemptId(now: number): string {
  count = now === last ? count + 1 : 0;
  last = now;
  const counter = Math.min(count, 0xffff).toString(16).padStart(4, '0');
  return now.toString(16).padStart(12, '0') + counter + randomBytes(8).toString('hex');
}
