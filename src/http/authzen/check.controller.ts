import { Body, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type ApiRequest } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { ApiController } from '../openapi/operation.js';
import { check } from './api.js';
import { ContentBody } from './content-body.js';
import { Decisions } from './decisions.js';
import { bad } from './entities.js';
import { authzenOperation, decisionExample, evaluationExample, resourceExample } from './operation.js';

/** The question for the account of the caller. */
@ApiController(check, '', 'check')
export class CheckController {
  constructor(
    private readonly scopes: Scopes,
    private readonly decisions: Decisions,
  ) {}

  @Post()
  @authzenOperation(
    {
      summary: 'Ask whether users of the account may do something, one question or several',
      description:
        'As `/authzen/{account}/access/v1/evaluation` and `/evaluations`, for the account of the caller.',
      past: 'as_of',
      example: decisionExample,
      refuses: ['bad_request', 'access_denied', 'too_many'],
    },
    { ...evaluationExample, client_id: resourceExample.id },
  )
  check(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { content }: ContentBody,
  ): Promise<object> {
    return this.decisions.answer(request, reply, this.scopes.of(request, clientIn(content)), content);
  }
}

/** @throws Rejection bad_request */
function clientIn({ client_id }: Readonly<Record<string, unknown>>): { readonly client_id?: string } {
  if (client_id === undefined) return {};
  if (typeof client_id !== 'string' || client_id.trim() === '')
    throw bad('client_id must be the id of a client account');
  return { client_id };
}
