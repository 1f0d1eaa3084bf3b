import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { RemoveUserFromRole } from '../../domain/assignment.js';
import type { PageRequest } from '../../read/page.js';
import { ListRolesOfUser } from '../../read/roles-of-user.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { UserRoleBody } from '../wire/assignments.js';
import { isPaged, pageOf, PageQuery } from '../wire/paging.js';
import { answer, done, embedded, type Success } from './envelope.js';
import { LacksId } from './lacks-id.js';
import { linkWithin } from './link.js';
import { roleExample, roleRow } from './role.js';

const notFound = ['user_not_found', 'role_not_found', 'missing_user_id', 'missing_id'] as const;

/** The roles of a user: the same assignments as the users of a role. */
@V1('users/:userId/roles')
@LacksId({
  ...{ code: 'missing_id', what: 'a role id', permission: 'user.manage', below: 'userId' },
  routes: { addNone: Put, removeNone: Delete },
})
export class UserRolesController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the roles of a user',
    past: 'as_of',
    description:
      'The first role is also given by itself, for callers that expect one role. Without limit and offset all roles ' +
      'are there, up to 10,000 where the operator sets no other limit; `roles_total` says so when there are more.',
    permissions: ['user.manage'],
    example: answer({ ...roleExample, roles: [roleExample] }),
    refuses: ['user_not_found', 'missing_user_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.door.at(request);
    const ask = (page: PageRequest) => new ListRolesOfUser(at, userId, page);
    const held = isPaged(query)
      ? await this.door.ask(ask(pageOf(query)))
      : await this.door.embed(this.door.room(), ask);
    const [first] = held.rows.map(roleRow);
    const link = linkWithin(request)(`/users/${userId}/roles`);
    return answer({ ...first, ...embedded('roles', held, roleRow, link) });
  }

  @Put(':roleId')
  @v1Operation({
    summary: 'Give a user a role',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'user_already_has_role', 'permission_escalation'],
  })
  async add(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Param('roleId', PathId) role_id: string,
    @Body() body: UserRoleBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ role_id, user_id }));
    return done;
  }

  @Delete(':roleId')
  @v1Operation({
    summary: 'Take a role away from a user',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'user_does_not_have_role', 'admin_role_requires_user'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Param('roleId', PathId) role_id: string,
  ): Promise<Success> {
    const ids = { role_id, user_id };
    await this.door.write(request, undefined, (account, meta) => new RemoveUserFromRole(account, ids, meta));
    return done;
  }
}
