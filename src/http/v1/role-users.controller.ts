import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { RemoveUserFromRole } from '../../domain/assignment.js';
import { ListUsersOfRole } from '../../read/users-of-role.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { AssignmentBody } from '../wire/assignments.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { answer, list, listExample, type Success } from './envelope.js';
import { LacksId } from './lacks-id.js';
import { userName, userNameExample } from './user.js';

const notFound = ['role_not_found', 'user_not_found', 'missing_user_id', 'missing_id'] as const;

/** The users of a role within one account. */
@V1('roles/:roleId/users')
@LacksId({
  ...{ code: 'missing_user_id', what: 'a user id', permission: 'user.manage', below: 'roleId' },
  routes: { addNobody: Put, removeNobody: Delete },
})
export class RoleUsersController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the users of a role',
    past: 'as_of',
    permissions: ['user.manage'],
    example: listExample('users', userNameExample),
    refuses: ['role_not_found', 'missing_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) roleId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const page = await this.door.read(request, (at) => new ListUsersOfRole(at, roleId, pageOf(query)));
    return list('users', page, userName);
  }

  @Put(':userId')
  @v1Operation({
    summary: 'Give a role to a user',
    permissions: ['user.manage'],
    example: answer({}),
    refuses: [...notFound, 'user_already_has_role', 'permission_escalation'],
  })
  async add(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) role_id: string,
    @Param('userId', PathId) user_id: string,
    @Body() body: AssignmentBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ role_id, user_id }));
    return answer({});
  }

  @Delete(':userId')
  @v1Operation({
    summary: 'Take a role from a user',
    permissions: ['user.manage'],
    example: answer({}),
    refuses: [...notFound, 'user_does_not_have_role', 'admin_role_requires_user'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) role_id: string,
    @Param('userId', PathId) user_id: string,
  ): Promise<Success> {
    const ids = { role_id, user_id };
    await this.door.write(request, undefined, (account, meta) => new RemoveUserFromRole(account, ids, meta));
    return answer({});
  }
}
