import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Rejection } from '../../domain/rejection.js';

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * X89: makes the server refuse writes that a browser sends for a page of another site: it adds the credentials that it
 * remembers, whatever page asks. Browsers say so by `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin` (RFC 6454);
 * programs send neither.
 * @param publicUrl where callers reach the service, when that is not what the header `Host` says; a proxy may change it
 */
export function refuseCrossSiteWrites(server: FastifyInstance, publicUrl?: string): void {
  server.addHook('onRequest', ({ method, headers }, _reply, next) => {
    const isRefused = !safe.has(method) && isCrossSite(headers, publicUrl);
    next(isRefused ? new Rejection('cross_site') : undefined);
  });
}

/** @param publicUrl an absolute URL */
export function isCrossSite(headers: IncomingHttpHeaders, publicUrl?: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  const { origin, host = '' } = headers;
  if (origin === undefined) return false;
  const from = urlIn(origin);
  // A page without an origin of its own, such as a sandboxed one, says `null`.
  if (!from || from.host === '') return true;
  const isPublic = publicUrl !== undefined && urlIn(publicUrl)?.host === from.host;
  // With the scheme of the origin, so that its default port may be named or not.
  return !isPublic && urlIn(`${from.protocol}//${host}`)?.host !== from.host;
}

function urlIn(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
