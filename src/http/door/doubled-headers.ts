import type { FastifyInstance } from 'fastify';
import { Rejection } from '../../domain/rejection.js';

/** Of several of these Node keeps the first or joins them, and a proxy on the way may have gone by another. */
const always = ['authorization', 'content-type', 'host'];

/** Makes the server refuse a request in which a header that says who calls, or what, stands more than once. */
export function refuseDoubledHeaders(server: FastifyInstance): void {
  const once = new Set([...always, ...server.apis.flatMap(({ credentialHeaders }) => credentialHeaders)]);
  server.addHook('onRequest', ({ raw: { rawHeaders } }, _reply, next) => {
    const doubled = doubledIn(rawHeaders, once);
    if (doubled === undefined) next();
    else next(new Rejection('bad_request', `The request has the header ${doubled} more than once; send one`));
  });
}

/** @param rawHeaders names and values in turn */
function doubledIn(rawHeaders: readonly string[], once: ReadonlySet<string>): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (seen.has(name)) return name;
    if (once.has(name)) seen.add(name);
  }
  return undefined;
}
