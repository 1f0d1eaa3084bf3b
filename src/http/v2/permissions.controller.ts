import { ApiQuery } from '@nestjs/swagger';
import { Body, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readers } from '../../domain/permissions.js';
import { type EffectivePermission, GetEffectivePermissions } from '../../read/effective-permissions.js';
import { GetIndividualPermissions } from '../../read/individual-permissions.js';
import { known } from '../door/commands.js';
import { DirectoryPast } from '../../audit/directory-past.js';
import type { Explanation } from '../../audit/past/past-question.js';
import { Door } from '../door/door.js';
import { hangUpOf } from '../door/hang-up.js';
import { requireReader } from '../door/past.js';
import { refuseParameters, valueOf } from '../wire/parameters.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { type ApiRequest, callerOf } from '../door/request.js';
import { requireView } from '../door/view-right.js';
import { PermissionsBody } from '../wire/user-permissions.js';
import { V2, v2Operation } from './operation.js';
import { rowsOf } from './page.js';

const example = { permissions: ['accounts.read'] };
const groupSource = {
  type: 'group',
  id: '2e21abc434a5169f9890576ec4d8e333',
  name: 'Administrators',
} as const;
const effectiveExample = [{ permission: 'accounts.read', sources: [groupSource, { type: 'individual' }] }];

/** What a user may do. */
@V2('users/:userId')
export class PermissionsController {
  constructor(
    private readonly door: Door,
    private readonly past: DirectoryPast,
  ) {}

  @Get('permissions')
  @v2Operation({
    summary: 'Get the individual permissions of a user',
    past: 'as_of',
    permissions: ['user.manage', 'user.view'],
    example,
    refuses: ['user_not_found'],
  })
  async individual(@Req() request: ApiRequest, @Param('userId') userId: string): Promise<object> {
    return { permissions: await this.door.read(request, (at) => new GetIndividualPermissions(at, userId)) };
  }

  @Put('permissions')
  @v2Operation({
    summary: 'Replace the individual permissions of a user',
    permissions: ['user.manage'],
    example,
    refuses: ['user_not_found', 'permission_escalation'],
  })
  async replace(
    @Req() request: ApiRequest,
    @Param('userId') user_id: string,
    @Body() body: PermissionsBody,
  ): Promise<object> {
    const { after } = await this.door.write(request, body, body.toCommand({ user_id }));
    return { permissions: known(after.user).permissions };
  }

  @Get('effective-permissions')
  @v2Operation({
    summary: 'Get the effective permissions of a user and their sources',
    large: 'always',
    past: 'as_of',
    description:
      'The role Admin gives `*`, which means every permission. Of one permission 100 sources are named at most, and ' +
      '`sources_total` says when there are more. With `permission` the answer is about that one: ' +
      '`{permission, held, paths, last}`, each way by which it is held with the revision since which it is, when that ' +
      'was, by whom and why; when it is not held, `last` is the way that ended last. ' +
      `That needs the permission ${readers.join(' or ')} as well.`,
    callers: 'Needs the permission user.manage or user.view, except for the caller',
    example: effectiveExample,
    refuses: ['user_not_found', 'access_denied', 'answer_too_large'],
  })
  @ApiQuery({ name: 'permission', required: false, type: String, description: 'Explain this permission' })
  async effective(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('userId') userId: string,
    @Query() query: PageQuery,
  ): Promise<readonly object[] | Explanation> {
    const isExplained = request.query['permission'] !== undefined;
    if (isExplained) request.reading ??= 'log';
    requireView(request, userId);
    if (isExplained) {
      requireReader(callerOf(request).holdings);
      refuseParameters(request.query, ['limit', 'offset'], 'an explanation has no pages');
      const permission = valueOf(request.query, 'permission') ?? '';
      return this.past.explanation(this.door.at(request), userId, permission, hangUpOf(reply));
    }
    const page = pageOf(query);
    const held = await this.door.read(request, (at) => new GetEffectivePermissions(at, userId, page));
    return rowsOf(reply, held).map(shape);
  }
}

function shape({ permission, sources, sources_total }: EffectivePermission): object {
  return { permission, sources: sources.map(({ type, id, name }) => ({ type, id, name })), sources_total };
}
