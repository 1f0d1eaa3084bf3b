import { Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AuditLog } from '../../../audit/audit-log.js';
import { mergedHistory } from '../../../audit/merged-history.js';
import { Trail, type TrailPage } from '../../../audit/trail.js';
import { Rejection } from '../../../domain/rejection.js';
import { hangUpOf } from '../../door/hang-up.js';
import type { ApiRequest } from '../../door/request.js';
import { Scopes } from '../../door/scopes.js';
import { V2, v2Operation } from '../operation.js';
import { pageExample } from './audit-example.js';
import { AuditPages, forReaders } from './audit-operation.js';
import { auditPagingIn } from './audit-parameters.js';

const options = (thing: 'user' | 'group' | 'role' | 'client') => ({
  ...forReaders,
  summary: `List everything that ever touched a ${thing}`,
  description: `Newest first, each with the changes of the ${thing} alone; also when it is gone.`,
  example: pageExample,
  refuses: [`${thing}_not_found` as const],
});

/** What happened to one thing. */
@V2('')
export class HistoriesController {
  constructor(
    private readonly audit: AuditLog,
    private readonly trail: Trail,
    private readonly scopes: Scopes,
  ) {}

  @Get('users/:userId/history')
  @v2Operation(options('user'))
  @AuditPages()
  user(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('userId') id: string,
  ): Promise<TrailPage> {
    return this.history(request, reply, { type: 'user', id });
  }

  @Get('groups/:groupId/history')
  @v2Operation(options('group'))
  @AuditPages()
  group(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('groupId') id: string,
  ): Promise<TrailPage> {
    return this.history(request, reply, { type: 'group', id });
  }

  @Get('roles/:roleId/history')
  @v2Operation(options('role'))
  @AuditPages()
  role(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('roleId') id: string,
  ): Promise<TrailPage> {
    return this.history(request, reply, { type: 'role', id });
  }

  @Get('clients/:clientId/history')
  @v2Operation({
    ...options('client'),
    description:
      "Newest first: what its company's log and its own tell of the client; also when it is closed. " +
      '`client_id` may be the company or the client.',
    refuses: ['client_not_found'],
  })
  @AuditPages()
  async client(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('clientId') id: string,
  ): Promise<TrailPage> {
    const paging = auditPagingIn(request.query);
    const scope = this.scopes.of(request);
    const company = this.scopes.companyOf(request, id);
    if (scope.account !== company.account && scope.account !== id) throw new Rejection('client_not_found');
    const client = this.scopes.reachedClientOf(request, id);
    const thing = { type: 'client', id } as const;
    const page = await mergedHistory(this.audit, [company, client], thing, paging, hangUpOf(reply));
    return this.trail.withSources(page, company, client);
  }

  private async history(
    request: ApiRequest,
    reply: FastifyReply,
    thing: { readonly type: 'user' | 'group' | 'role'; readonly id: string },
  ): Promise<TrailPage> {
    if (thing.id.trim() === '') throw new Rejection(`${thing.type}_not_found`);
    const paging = auditPagingIn(request.query);
    const at = this.scopes.of(request);
    return this.trail.withSources(await this.audit.history(at, thing, paging, hangUpOf(reply)), at);
  }
}
