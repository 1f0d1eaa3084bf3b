import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { RemoveUserFromGroup } from '../../domain/membership.js';
import { Rejection } from '../../domain/rejection.js';
import { ListGroupsOfUser } from '../../read/groups-of-user.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { MembershipBody, MembershipQuery } from '../wire/memberships.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { done, list, listExample, type Success } from './envelope.js';
import { userGroupExample, userGroupRow } from './group.js';

const notFound = ['user_not_found', 'group_not_found', 'missing_user_id', 'missing_id'] as const;
const addRefuses = [...notFound, 'built_in_group', 'permission_escalation'] as const;

/** The groups a user is in. */
@V1('users/:userId/groups')
export class UserGroupsController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the groups of a user',
    past: 'as_of',
    permissions: ['user.manage'],
    example: listExample('groups', userGroupExample),
    refuses: ['user_not_found', 'missing_user_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const page = await this.door.read(request, (at) => new ListGroupsOfUser(at, userId, pageOf(query)));
    return list('groups', page, userGroupRow);
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
    @Query() { can_edit }: MembershipQuery,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ user_id, group_id, can_edit }));
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
    const ids = { user_id, group_id };
    await this.door.write(request, undefined, (account, meta) => new RemoveUserFromGroup(account, ids, meta));
    return done;
  }
}
