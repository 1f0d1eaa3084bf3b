import { Rejection } from '../../domain/rejection.js';
import type { Moments } from '../../read/moment.js';
import { namedMoment } from '../wire/named-moment.js';
import type { PastMoment } from './past.js';

/**
 * The moment that a parameter names: the end of the command that wrote a revision, or the last moment at which
 * no clock that had written to the account was beyond a time.
 * @param now the time of day, in milliseconds since the epoch
 * @throws Rejection bad_request when it is malformed, in the future or before the account existed
 */
export function namedPastMoment(
  name: string,
  sent: unknown,
  account: string,
  moments: Moments,
  now: number,
): PastMoment {
  const bad = (what: string) => new Rejection('bad_request', `${name} ${what}`);
  if (typeof sent !== 'string') throw bad('can be given once only');
  const named = namedMoment(name, sent);
  if ('revision' in named) {
    const moment = moments.afterCommand(account, named.revision);
    if (!moment) throw bad(`is beyond the last revision, ${moments.now(account).revision}`);
    return { moment, time: moments.timeOf(moment) };
  }
  if (named.time > now) throw bad('is in the future');
  const moment = moments.atTime(account, named.time);
  if (!moment) throw bad('is before the account existed');
  return { moment, time: named.time };
}
