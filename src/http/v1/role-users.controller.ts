import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { Rejection } from '../../domain/rejection.js';
import { AddUserToRole, RemoveUserFromRole } from '../../domain/assignment.js';
import { ListUsersOfRole } from '../../read/users-of-role.js';
import { Commands } from '../door/commands.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { AcceptsNothing } from '../door/validation.js';
import { answer, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

@AcceptsNothing()
class AssignmentBody extends ClientChoice {}

const userExample = {
  id: 'c17db511dbc00421d0a093fc8c236064',
  first_name: 'John',
  last_name: 'Smith',
  email: 'john.smith@example.com',
};
const notFound = ['role_not_found', 'user_not_found', 'missing_user_id', 'missing_id'] as const;

/** The users of a role within one account. */
@V1('roles/:roleId/users')
export class RoleUsersController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the users of a role',
    permissions: ['user.manage'],
    example: list('users', { rows: [userExample], total: 1 }, (row) => row),
    refuses: ['role_not_found', 'missing_id'],
  })
  async list(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) roleId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const page = await this.queries.ask(new ListUsersOfRole(at, roleId, pageOf(query)));
    return list('users', page, ({ id, first_name, last_name, email }) => ({
      id,
      first_name,
      last_name,
      email,
    }));
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
    const { account } = this.scopes.of(request, body);
    await this.commands.send(request, new AddUserToRole(account, { role_id, user_id }, metaOf(request)));
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
    const { account } = this.scopes.of(request);
    await this.commands.send(request, new RemoveUserFromRole(account, { role_id, user_id }, metaOf(request)));
    return answer({});
  }

  @Put()
  @v1Operation({
    summary: 'Says that a user id is missing',
    permissions: ['user.manage'],
    refuses: ['missing_user_id'],
  })
  addNobody(@Param('roleId') _roleId: string): never {
    throw new Rejection('missing_user_id');
  }

  @Delete()
  @v1Operation({
    summary: 'Says that a user id is missing',
    permissions: ['user.manage'],
    refuses: ['missing_user_id'],
  })
  removeNobody(@Param('roleId') _roleId: string): never {
    throw new Rejection('missing_user_id');
  }
}
