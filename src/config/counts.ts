import { type LimitName, limitNames, type Limits, limitsWith } from '../domain/limits.js';
import type { Kind } from './setting.js';

/** Limits by name in place of the defaults: `users=1000000,groups=200000`. */
export const counts: Kind<Limits> = {
  must: `be names with numbers, such as users=1000000,groups=200000; the names are ${limitNames.join(', ')}`,
  parse: (text) => {
    if (text.trim() === '') return limitsWith({});
    const changed = new Map<LimitName, number>();
    for (const part of text.split(',')) {
      const [, given, most = ''] = /^\s*(\w+)=(\d{1,9})\s*$/.exec(part) ?? [];
      const name = limitNames.find((one) => one === given);
      if (name === undefined || changed.has(name)) return undefined;
      changed.set(name, Number(most));
    }
    return limitsWith(Object.fromEntries(changed));
  },
};
