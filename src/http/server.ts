import { randomUUID } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize, type ServerOptions } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Rejection } from '../domain/rejection.js';
import type { Moment } from '../read/moment.js';
import { refuseCrossSiteWrites } from './door/cross-site.js';
import { refuseDoubledHeaders } from './door/doubled-headers.js';
import { atEndOf } from './door/end-of-answer.js';
import { refuse } from './door/refusal.js';
import { type Api, apiOf } from './door/api.js';
import type { AttemptRecorder } from './door/attempt-recorder.js';
import type { ApiRequest } from './door/request.js';
import type { Metrics } from './operations/metrics.js';
import { plainAddress } from './door/source.js';
import { requireOneSpelling } from './door/one-spelling.js';
import { keepRawBodies } from './door/raw-body.js';
import { limitConnections } from './door/connections.js';
import { refuseUnreadable } from './door/unreadable-request.js';

/** No browser takes an answer for something else than it says it is. */
const noSniffing = { 'X-Content-Type-Options': 'nosniff' };
/** The most accounts that the header Muster-Revision names. */
const MOST_REVISIONS = 8;

/** What keeps connections from using up the server. */
export interface ConnectionLimits {
  /** How long a request may take to arrive with its body, in milliseconds. */
  readonly requestMs: number;
  readonly connections: number;
}

const defaultLimits: ConnectionLimits = { requestMs: 30_000, connections: 2_000 };
/** How long a stop waits for requests under way, in milliseconds: as long as a command may take. */
const STOP_PATIENCE_MS = 10_500;

/** A request id that the caller chose, if it is short and plain enough to be written down. */
function requestIdOf(request: IncomingMessage): string {
  const chosen = request.headers['x-request-id'];
  return typeof chosen === 'string' && /^[\w.:-]{1,64}$/.test(chosen) ? chosen : randomUUID();
}

/** Of an operation's path, `/@/`: callers who encode each part of a path send `%40`, and the router takes it as it comes. */
function withPlainAt({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const [path = '', ...query] = url.split('?');
  return [path.replaceAll('/%40/', '/@/'), ...query].join('?');
}

/** How long the server takes connections for, whose requests do not come to an end. */
export function connectionTimes({ requestMs }: ConnectionLimits): ServerOptions {
  // Node looks for late requests only so often, by default every 30 s.
  return {
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.ceil(requestMs / 30),
  };
}

/**
 * @param apis those that are served
 * @param publicUrl where callers reach the service, when a proxy changes the header `Host`
 */
export function createServer(
  apis: readonly Api[],
  publicUrl?: string,
  limits = defaultLimits,
): FastifyAdapter {
  const adapter = new FastifyAdapter({
    genReqId: requestIdOf,
    rewriteUrl: withPlainAt,
    requestTimeout: limits.requestMs,
    http: connectionTimes(limits),
    clientErrorHandler: refuseUnreadable,
    // Who comes during the stop hears of it in the form of the API, from the guard.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: maxHeaderSize },
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      // No hook sees this request.
      void reply.headers({ 'X-Request-Id': request.id, ...noSniffing });
      refuse(reply, request, new Rejection('not_found'));
    },
  });
  const server = adapter.getInstance();
  server.decorate('apis', apis);
  server.addHook('onRequest', (request, _reply, next) => {
    request.address = plainAddress(request.ip);
    next();
  });
  requireOneSpelling(server);
  refuseDoubledHeaders(server);
  refuseCrossSiteWrites(server, publicUrl);
  keepRawBodies(server);
  limitConnections(server.server, limits.connections);
  closeConnectionsAtStop(server);
  server.addHook('onRequest', (request, _reply, next) => {
    if (request.url.includes('%00')) replaceNul(request.params, request.query);
    next();
  });
  server.decorateRequest('principal', null);
  server.decorateRequest('payer', null);
  server.decorateRequest('caller', null);
  server.decorateRequest('scope', null);
  server.decorateRequest('past', null);
  server.decorateRequest('asOf', null);
  server.decorateRequest('touched', null);
  server.decorateRequest('recorded', null);
  server.decorateRequest('refusal', null);
  server.decorateRequest('reading', null);
  server.decorateRequest('address', '');
  return adapter;
}

/** At a stop, requests under way are answered; then nobody is waited for who only keeps a connection open. */
function closeConnectionsAtStop(server: FastifyInstance): void {
  let [underWay, isStopping] = [0, false];
  const closeRest = () => {
    if (isStopping && underWay === 0) server.server.closeAllConnections();
  };
  server.addHook('onRequest', (_request, reply, next) => {
    underWay += 1;
    atEndOf(reply, () => {
      underWay -= 1;
      closeRest();
    });
    next();
  });
  server.addHook('onSend', (_request, reply, payload, next) => {
    if (isStopping) void reply.header('Connection', 'close');
    next(null, payload);
  });
  server.addHook('preClose', (next) => {
    isStopping = true;
    closeRest();
    setTimeout(() => server.server.closeAllConnections(), STOP_PATIENCE_MS).unref();
    next();
  });
}

/** SQLite ends a text at NUL: an id that goes on after one would find what it starts with. No id has the replacement. */
function replaceNul(...parameters: unknown[]): void {
  for (const values of parameters as Record<string, unknown>[])
    for (const [name, value] of Object.entries(values))
      if (typeof value === 'string') values[name] = value.replaceAll('\0', '\ufffd');
}

/** Adds what every answer carries, and writes down every request: never a query string, a header or a body. */
export function observe(adapter: FastifyAdapter, metrics: Metrics, logger: Logger): void {
  const server = adapter.getInstance();
  server.addHook('onSend', (request, reply, payload, next) => {
    void reply.headers({ 'X-Request-Id': request.id, ...noSniffing });
    if (apiOf(request)) void reply.header('Cache-Control', 'no-store');
    if (request.touched) void reply.header('Muster-Revision', revisionsOf(request.touched));
    if (request.recorded)
      void reply.header('Muster-Audit', entryOf(request.recorded, request.caller?.account));
    next(null, payload);
  });
  server.addHook('onResponse', (request, reply, next) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    metrics.answered(method, route, status, reply.elapsedTime / 1000);
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    const { id: user, account } = request.caller ?? {};
    logger.info({ request_id: request.id, method, route, status, milliseconds, account, user }, 'request');
    next();
  });
}

/** The path of the entry of an event. @param home the caller's own account */
function entryOf({ account, revision }: Pick<Moment, 'account' | 'revision'>, home = account): string {
  return `/api/v2/audit/${revision}${account === home ? '' : `?client_id=${account}`}`;
}

/** Has every request looked at once its answer has gone out, or its caller has hung up. */
export function recordAttempts(adapter: FastifyAdapter, recorder: Pick<AttemptRecorder, 'take'>): void {
  adapter.getInstance().addHook('onRequest', (request, reply, next) => {
    atEndOf(reply, () => recorder.take(request as ApiRequest, reply));
    next();
  });
}

function revisionsOf(touched: ReadonlyMap<string, number>): string {
  return [...touched]
    .slice(0, MOST_REVISIONS)
    .map(([account, revision]) => `${account}@${revision}`)
    .join(', ');
}
