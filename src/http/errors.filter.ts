import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isFromOutage, Outage } from '../application/outage.js';
import { Rejection, type RejectionCode } from '../domain/rejection.js';
import { foreignId } from './foreign-id.js';
import { type ApiRequest, apiOf } from './request.js';
import { Scopes } from './scopes.js';
import { failure } from './v1/envelope.js';
import { problem } from './v2/problem.js';

const RETRY_AFTER_SECONDS = 1;

const codeOfStatus: Readonly<Record<number, RejectionCode>> = {
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  503: 'unavailable',
};

/** Turns every error of a request into the answer its API version promises. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorsFilter.name);

  constructor(
    private readonly scopes: Scopes,
    private readonly outage: Outage,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<ApiRequest>(), http.getResponse<FastifyReply>()];
    let rejection = this.rejectionOf(error, request);
    if (rejection.kind === 'not_found' && apiOf(request) === 'v1')
      rejection = foreignId(request, this.scopes) ?? rejection;
    if (rejection.kind === 'unavailable' && rejection.cause !== undefined)
      this.reportUnavailable(rejection.cause, request);
    respond(reply, request, rejection);
  }

  private rejectionOf(error: unknown, request: ApiRequest): Rejection {
    if (error instanceof Rejection) return error;
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    if (status === undefined || status >= 500) {
      this.report(error, request);
      return new Rejection('internal_error');
    }
    return new Rejection(codeOfStatus[status] ?? 'bad_request');
  }

  /** Of an outage the log tells by itself: not once a request. */
  private reportUnavailable(error: unknown, request: ApiRequest): void {
    if (!isFromOutage(error)) {
      this.report(error, request);
      return;
    }
    this.outage.countRequest();
    this.logger.debug({ request_id: request.id, error: stackOf(error) });
  }

  private report(error: unknown, { id }: ApiRequest): void {
    this.logger.error({
      request_id: id,
      error: stackOf(error),
    });
  }
}

/** Answers with an error in the form of the path's API. */
export function respond(reply: FastifyReply, request: FastifyRequest, rejection: Rejection): void {
  const isV1 = apiOf(request) === 'v1';
  const body = isV1 ? failure(rejection) : problem(rejection);
  if (rejection.kind === 'unavailable') void reply.header('Retry-After', RETRY_AFTER_SECONDS);
  // To who follows a link the browser would show a window for passwords, and keep what is typed there.
  if (rejection.kind === 'unauthenticated' && request.headers['sec-fetch-mode'] !== 'navigate')
    void reply.header('WWW-Authenticate', isV1 ? 'Basic realm="Muster", charset="UTF-8"' : 'Bearer');
  const status = 'meta' in body ? body.meta.status : body.status;
  void reply
    .status(status)
    .type(isV1 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8')
    .send(body);
}

/** The stack of an error, and of the errors that led to it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}
