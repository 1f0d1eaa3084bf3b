import type { ApiRequest } from './request.js';

/** Which requests for a route are large reads: all, or those that also ask for what belongs to things. */
export type LargeRead = 'always' | 'with associations';

/** Parameters that ask for it. */
const associations = ['full', 'include_roles', 'include_groups'];

export function isLargeRead(large: LargeRead | undefined, request: ApiRequest): boolean {
  if (large !== 'with associations') return large === 'always';
  return associations.some((name) => request.query[name] === 'true');
}
