import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isFromOutage, Outage } from '../../application/outage.js';
import { Rejection, type RejectionCode } from '../../domain/rejection.js';
import { apiOf } from './api.js';
import { foreignId } from './foreign-id.js';
import { refuse } from './refusal.js';
import type { ApiRequest } from './request.js';
import { Scopes } from './scopes.js';

const codeOfStatus: Readonly<Record<number, RejectionCode>> = {
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  503: 'unavailable',
};

/** Turns every error of a request into the answer that its API promises. */
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
    if (rejection.kind === 'not_found' && apiOf(request)?.deniesForeignIds)
      rejection = foreignId(request, this.scopes) ?? rejection;
    if (rejection.kind === 'unavailable' && rejection.cause !== undefined)
      this.reportUnavailable(rejection.cause, request);
    refuse(reply, request, rejection);
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
