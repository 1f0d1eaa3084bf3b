import type { FastifyInstance } from 'fastify';
import { Rejection } from '../../domain/rejection.js';
import type { Api } from './api.js';
import { refuse } from './refusal.js';

/** Letters, digits and marks that stand for themselves in a path, written as `%` and two digits (RFC 3986, 2.3). */
const encodedNeedlessly = /%(2[de]|3\d|4[1-9a-f]|5[\da]|5f|6[1-9a-f]|7[\da]|7e)/i;

/**
 * Whether a path is written in the one way that leads to its route. Whoever decides by the path what gets through to
 * here, as proxies do, must not be got round by another spelling.
 * @param target of the request, with its query
 * @param apis some have paths that end in a slash, behind which an id is missing
 */
export function isPlain(method: string, target: string, apis: readonly Api[] = []): boolean {
  const [path = ''] = target.split('?');
  if (path.includes('//') || path.includes('#') || encodedNeedlessly.test(path)) return false;
  if (path === '/' || !path.endsWith('/')) return true;
  return (method === 'PUT' || method === 'DELETE') && apis.some((api) => lacksId(path, api));
}

function lacksId(path: string, { prefixes, lacksId: pattern }: Api): boolean {
  return prefixes.some((prefix) => path.startsWith(`${prefix}/`) && pattern?.test(path.slice(prefix.length)));
}

/** Answers 404 to every path that is spelt in another way than its route. */
export function requireOneSpelling(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, next) => {
    if (isPlain(request.method, pathOf(request.raw.url), server.apis)) next();
    else refuse(reply, request, new Rejection('not_found'));
  });
}

/** A request to a proxy names the whole address; the router takes it as well. */
function pathOf(url = '/'): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, '');
}
