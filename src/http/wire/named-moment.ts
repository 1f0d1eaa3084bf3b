import type { NamedMoment } from '../../audit/range.js';
import { Rejection } from '../../domain/rejection.js';

// RFC 3339, section 5.6. A plus sign in a query string that was not encoded arrives as a blank.
const time = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,9})?(?:([Zz])|([+ -])(\d\d:\d\d))$/;

/**
 * The moment that a parameter names: a revision, or a time as RFC 3339 writes it.
 * @throws Rejection bad_request
 */
export function namedMoment(name: string, text: string): NamedMoment {
  if (/^\d{1,15}$/.test(text)) return { revision: Number(text) };
  const milliseconds = timeIn(text);
  if (milliseconds !== undefined) return { time: milliseconds };
  throw new Rejection(
    'bad_request',
    `${name} must be a revision or a time such as 2026-03-03T14:02:00Z (RFC 3339)`,
  );
}

function timeIn(text: string): number | undefined {
  const [, date = '', clock = '', fraction = '', utc, sign = '', offset = ''] = time.exec(text) ?? [];
  const zone = utc === undefined ? `${sign === '-' ? '-' : '+'}${offset}` : 'Z';
  const milliseconds = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${zone}`);
  // A day that a month does not have would count as one of the next month.
  const day = new Date(`${date}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
  return Number.isNaN(milliseconds) || !isDay ? undefined : milliseconds;
}
