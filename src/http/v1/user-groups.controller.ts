import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { AddUserToGroup, RemoveUserFromGroup } from '../../domain/membership.js';
import { Rejection } from '../../domain/rejection.js';
import { ListGroupsOfUser } from '../../read/groups-of-user.js';
import { Commands } from '../door/commands.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsId } from '../wire/fields/id.js';
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
import { userGroupExample } from './user.js';

@AcceptsNothing()
class MembershipBody extends ClientChoice {
  @ApiPropertyOptional({ type: Boolean, description: 'Whether the member may edit the group' })
  @MayBeAbsent()
  @IsFlag()
  can_edit?: boolean | string;

  @ApiPropertyOptional({ description: 'Id of the group, when the path does not name it' })
  @MayBeAbsent()
  @IsId()
  group_id?: string;
}

class MembershipQuery {
  @ApiPropertyOptional({ description: 'As in the body; this one wins', enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  can_edit?: string;
}

const notFound = ['user_not_found', 'group_not_found', 'missing_user_id', 'missing_id'] as const;
const addRefuses = [...notFound, 'built_in_group', 'permission_escalation'] as const;

/** The groups a user is in. */
@V1('users/:userId/groups')
export class UserGroupsController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the groups of a user',
    permissions: ['user.manage'],
    example: list('groups', { rows: [{ ...userGroupExample, can_edit: false }], total: 1 }, (row) => row),
    refuses: ['user_not_found', 'missing_user_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const page = await this.queries.ask(new ListGroupsOfUser(at, userId, pageOf(query)));
    return list('groups', page, ({ id, name, description, can_edit }) => ({
      id,
      name,
      description,
      can_edit,
    }));
  }

  @Put(':groupId')
  @v1Operation({
    summary: 'Put a user into a group',
    description: 'For a member it changes can_edit only, and only if can_edit is sent.',
    permissions: ['user.manage'],
    example: done,
    refuses: addRefuses,
  })
  async add(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Param('groupId', PathId) group_id: string,
    @Body() body: MembershipBody,
    @Query() query: MembershipQuery,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, body);
    const can_edit = flag(query.can_edit ?? body.can_edit);
    await this.commands.send(
      request,
      new AddUserToGroup(account, { user_id, group_id, can_edit }, metaOf(request)),
    );
    return done;
  }

  @Put()
  @v1Operation({
    summary: 'Put a user into the group that the body names',
    permissions: ['user.manage'],
    example: done,
    refuses: addRefuses,
  })
  addToNamed(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Body() body: MembershipBody,
    @Query() query: MembershipQuery,
  ): Promise<Success> {
    if (body.group_id === undefined) throw new Rejection('missing_id', 'group_id must be the id of a group');
    // From here on it is as if it stood in the path.
    request.params['groupId'] = body.group_id;
    return this.add(request, userId, body.group_id, body, query);
  }

  @Delete(':groupId')
  @v1Operation({
    summary: 'Take a user out of a group',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'user_not_in_group', 'built_in_group'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Param('groupId', PathId) group_id: string,
  ): Promise<Success> {
    const { account } = this.scopes.of(request);
    await this.commands.send(
      request,
      new RemoveUserFromGroup(account, { user_id, group_id }, metaOf(request)),
    );
    return done;
  }
}
