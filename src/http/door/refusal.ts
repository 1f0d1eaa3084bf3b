import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Rejection } from '../../domain/rejection.js';
import { apiOf } from './api.js';
import { problems } from './problem.js';

const RETRY_AFTER_SECONDS = 1;

/** Answers with a refusal in the form of the path's API. */
export function refuse(reply: FastifyReply, request: FastifyRequest, rejection: Rejection): void {
  const { statusOf, bodyOf, errorType, challenge } = apiOf(request) ?? problems;
  const { kind } = rejection;
  request.refusal = rejection.code;
  const mayComeBack = kind === 'unavailable' || kind === 'limited';
  if (mayComeBack && !reply.hasHeader('Retry-After'))
    void reply.header('Retry-After', rejection.retryAfter ?? RETRY_AFTER_SECONDS);
  // For somebody who follows a link the browser would show a window for passwords, and keep what is typed there.
  if (kind === 'unauthenticated' && request.headers['sec-fetch-mode'] !== 'navigate')
    void reply.header('WWW-Authenticate', challenge);
  void reply.status(statusOf[kind]).type(`${errorType}; charset=utf-8`).send(bodyOf(rejection));
}
