import { Body, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type ApiRequest } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { ApiController } from '../openapi/operation.js';
import { authzen } from './api.js';
import { ContentBody } from './content-body.js';
import { Decisions } from './decisions.js';
import { evaluationOf } from './entities.js';
import { MOST_EVALUATIONS } from './evaluations.js';
import { authzenOperation, decisionExample, evaluationExample, resourceExample } from './operation.js';

const { subject, action } = evaluationExample;

/** Whether users of an account may do something. */
@ApiController(authzen, ':account/access/v1', 'authzen')
export class EvaluationsController {
  constructor(
    private readonly scopes: Scopes,
    private readonly decisions: Decisions,
  ) {}

  @Post('evaluation')
  @authzenOperation(
    {
      summary: 'Ask whether a user may do something (Access Evaluation API)',
      description:
        'A denial is 200 with `"decision": false`. `context.reason` says why, `context.path` by which role or group. ' +
        'For a client account the user must also reach it, by a share right to manage; to look is enough where ' +
        '`action.properties.method` is GET or HEAD.',
      isScoped: false,
      past: 'as_of',
      example: decisionExample,
      refuses: ['bad_request', 'access_denied', 'client_not_found'],
    },
    evaluationExample,
  )
  evaluation(
    @Req() request: ApiRequest,
    @Param('account') client_id: string,
    @Body() { content }: ContentBody,
  ): Promise<object> {
    return this.decisions.decide(request, this.scopes.of(request, { client_id }), evaluationOf(content));
  }

  @Post('evaluations')
  @authzenOperation(
    {
      summary: 'Ask several such questions at once (Access Evaluations API)',
      description:
        `At most ${MOST_EVALUATIONS}. What stands beside the list is the default of its questions. ` +
        '`options.evaluations_semantic` is `execute_all`, `deny_on_first_deny` or `permit_on_first_permit`. ' +
        'Without a list the request is answered as a single question.',
      isScoped: false,
      past: 'as_of',
      example: { evaluations: [decisionExample] },
      refuses: ['bad_request', 'access_denied', 'client_not_found', 'too_many'],
    },
    { subject, action, evaluations: [{ resource: resourceExample }] },
    [],
  )
  evaluations(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('account') client_id: string,
    @Body() { content }: ContentBody,
  ): Promise<object> {
    return this.decisions.answer(request, reply, this.scopes.of(request, { client_id }), content);
  }
}
