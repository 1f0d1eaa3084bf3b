import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Rejection } from '../domain/rejection.js';
import type { Projector } from '../read/projector.js';
import { respond } from './errors.filter.js';
import type { Metrics } from './metrics.js';
import { keepRawBodies } from './raw-body.js';

/** The most accounts that the header Muster-Revision names. */
const MOST_REVISIONS = 8;

/** A request id that the caller chose, if it is short and plain enough to be written down. */
function requestIdOf(request: IncomingMessage): string {
  const chosen = request.headers['x-request-id'];
  return typeof chosen === 'string' && /^[\w.:-]{1,64}$/.test(chosen) ? chosen : randomUUID();
}

export function createServer(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    genReqId: requestIdOf,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 8192 },
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      respond(reply, request.raw.url ?? '', new Rejection('bad_request', 'The path is not valid'));
    },
  });
  const server = adapter.getInstance();
  keepRawBodies(server);
  server.decorateRequest('caller', null);
  server.decorateRequest('scope', null);
  server.decorateRequest('touched', null);
  return adapter;
}

/** Adds what every answer carries, and writes down every request: never a query string, a header or a body. */
export function observe(
  adapter: FastifyAdapter,
  projector: Projector,
  metrics: Metrics,
  logger: Logger,
): void {
  const server = adapter.getInstance();
  server.addHook('onSend', (request, reply, payload, next) => {
    void reply.header('X-Request-Id', request.id);
    if (request.touched) void reply.header('Muster-Revision', revisionsOf(request.touched, projector));
    next(null, payload);
  });
  server.addHook('onResponse', (request, reply, next) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    metrics.requests.observe({ method, route, status }, reply.elapsedTime / 1000);
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    const { id: user, account } = request.caller ?? {};
    logger.info({ request_id: request.id, method, route, status, milliseconds, account, user }, 'request');
    next();
  });
}

function revisionsOf(touched: ReadonlyMap<string, number | undefined>, projector: Projector): string {
  return [...touched]
    .slice(0, MOST_REVISIONS)
    .map(([account, revision]) => `${account}@${revision ?? projector.revisionOf(account)}`)
    .join(', ');
}
