import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { RemoveUserFromGroup } from '../../domain/membership.js';
import { GetAccount } from '../../read/account.js';
import { ListMembers } from '../../read/members.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { GroupUserBody, MembershipQuery } from '../wire/memberships.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { done, list, listExample, type Success } from './envelope.js';
import { groupUserExample, userDetail } from './user.js';

const notFound = ['group_not_found', 'user_not_found', 'missing_user_id', 'missing_id'] as const;

/** The users in a group: the same memberships as the groups of a user. */
@V1('groups/:groupId/users')
export class GroupUsersController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the users in a group',
    past: 'as_of',
    permissions: ['user.manage'],
    example: listExample('users', groupUserExample),
    refuses: ['group_not_found', 'missing_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.door.at(request);
    const page = await this.door.ask(new ListMembers(at, groupId, pageOf(query)));
    const { name: company } = await this.door.ask(new GetAccount(at));
    const now = this.door.scopes.timeOf(request);
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
    @Query() { can_edit }: MembershipQuery,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ user_id, group_id, can_edit }));
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
    const ids = { user_id, group_id };
    await this.door.write(request, undefined, (account, meta) => new RemoveUserFromGroup(account, ids, meta));
    return done;
  }
}
