import { Body, Delete, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RemoveUserFromGroup } from '../../domain/membership.js';
import { ListMembers, type MemberView } from '../../read/members.js';
import { known } from '../door/commands.js';
import { Door } from '../door/door.js';
import { MemberBody } from '../wire/memberships.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import type { ApiRequest } from '../door/request.js';
import { V2, v2Operation } from './operation.js';
import { rowsOf } from './page.js';

type Member = Pick<MemberView, 'id' | 'first_name' | 'last_name' | 'email' | 'can_edit'>;

const example: Member = {
  id: 'c17db511dbc00421d0a093fc8c236064',
  first_name: 'Jane',
  last_name: 'Doe',
  email: 'jane.doe@example.com',
  can_edit: false,
};

/** The members of a group. */
@V2('groups/:groupId/users')
export class GroupUsersController {
  constructor(private readonly door: Door) {}

  @Get()
  @v2Operation({
    summary: 'List the members of a group',
    past: 'as_of',
    permissions: ['user.manage', 'user.view', 'group.view'],
    example: [example],
    refuses: ['group_not_found'],
  })
  async list(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('groupId') groupId: string,
    @Query() query: PageQuery,
  ): Promise<readonly Member[]> {
    const page = await this.door.read(request, (at) => new ListMembers(at, groupId, pageOf(query)));
    return rowsOf(reply, page).map(shape);
  }

  @Put(':userId')
  @v2Operation({
    summary: 'Put a user into a group',
    permissions: ['user.manage'],
    description: 'For a member it changes can_edit only, and only if can_edit is sent.',
    example,
    refuses: ['group_not_found', 'user_not_found', 'built_in_group', 'permission_escalation'],
  })
  async add(
    @Req() request: ApiRequest,
    @Param('groupId') group_id: string,
    @Param('userId') user_id: string,
    @Body() body: MemberBody,
  ): Promise<Member> {
    const { after } = await this.door.write(request, body, body.toCommand({ user_id, group_id }));
    const can_edit = known(after.membership).can_edit;
    return shape({ ...known(after.user), can_edit });
  }

  @Delete(':userId')
  @v2Operation({
    summary: 'Take a user out of a group',
    permissions: ['user.manage'],
    status: 204,
    refuses: ['group_not_found', 'user_not_found', 'user_not_in_group', 'built_in_group'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('groupId') group_id: string,
    @Param('userId') user_id: string,
  ): Promise<void> {
    const data = { group_id, user_id };
    await this.door.write(
      request,
      undefined,
      (account, meta) => new RemoveUserFromGroup(account, data, meta),
    );
  }
}

function shape({ id, first_name, last_name, email, can_edit }: Member): Member {
  return { id, first_name, last_name, email, can_edit };
}
