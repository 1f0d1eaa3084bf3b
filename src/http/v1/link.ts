import type { ApiRequest } from '../door/request.js';

/** Makes links to what a request is about: of the same account, at the same moment. */
export function linkWithin({ query }: Pick<ApiRequest, 'query'>): (path: string) => string {
  const chosen = ['client_id', 'as_of'].flatMap((name) => {
    const value = query[name];
    return typeof value === 'string' ? [`${name}=${encodeURIComponent(value)}`] : [];
  });
  return (path) => [path, ...(chosen.length > 0 ? [chosen.join('&')] : [])].join('?');
}
