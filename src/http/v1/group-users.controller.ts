import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Clock } from '../../application/clock.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../domain/membership.js';
import { GetAccount } from '../../read/account.js';
import { ListMembers } from '../../read/members.js';
import { Commands } from '../door/commands.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { MayBeAbsent } from '../wire/fields/presence.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { AcceptsNothing } from '../door/validation.js';
import { done, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';
import { userDetail, userExample } from './user.js';

@AcceptsNothing()
class GroupUserBody extends ClientChoice {
  @ApiPropertyOptional({ type: Boolean, description: 'Whether the member may edit the group' })
  @MayBeAbsent()
  @IsFlag()
  can_edit?: boolean | string;
}

class GroupUserQuery {
  @ApiPropertyOptional({ description: 'As in the body; this one wins', enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  can_edit?: string;
}

const rowExample = Object.fromEntries(Object.entries(userExample).filter(([name]) => name !== 'external_id'));
const notFound = ['group_not_found', 'user_not_found', 'missing_user_id', 'missing_id'] as const;

/** The users in a group: the same memberships as the groups of a user. */
@V1('groups/:groupId/users')
export class GroupUsersController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
    private readonly clock: Clock,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the users in a group',
    permissions: ['user.manage'],
    example: list('users', { rows: [rowExample], total: 1 }, (row) => row),
    refuses: ['group_not_found', 'missing_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const page = await this.queries.ask(new ListMembers(at, groupId, pageOf(query)));
    const { name: company } = await this.queries.ask(new GetAccount(at));
    const now = this.clock.timestamp();
    return list('users', page, (user) => userDetail({ ...user, external_id: null }, company, now));
  }

  @Put(':userId')
  @v1Operation({
    summary: 'Add a user to a group',
    description: 'For a member it changes can_edit only, and only if can_edit is sent.',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'built_in_group', 'permission_escalation'],
  })
  async add(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) group_id: string,
    @Param('userId', PathId) user_id: string,
    @Body() body: GroupUserBody,
    @Query() query: GroupUserQuery,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, body);
    const data = { user_id, group_id, can_edit: flag(query.can_edit ?? body.can_edit) };
    await this.commands.send(request, new AddUserToGroup(account, data, metaOf(request)));
    return done;
  }

  @Delete(':userId')
  @v1Operation({
    summary: 'Remove a user from a group',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'user_not_in_group', 'built_in_group'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) group_id: string,
    @Param('userId', PathId) user_id: string,
  ): Promise<Success> {
    const { account } = this.scopes.of(request);
    const data = { user_id, group_id };
    await this.commands.send(request, new RemoveUserFromGroup(account, data, metaOf(request)));
    return done;
  }
}
