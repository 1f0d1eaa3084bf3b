import { Body, Delete, Get, Param, Put, Req } from '@nestjs/common';
import { Rejection } from '../../domain/rejection.js';
import { AddUserToRole, RemoveUserFromRole } from '../../domain/assignment.js';
import { ListRolesOfUser } from '../../read/roles-of-user.js';
import { Commands } from '../door/commands.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { AcceptsNothing } from '../door/validation.js';
import { answer, done, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

@AcceptsNothing()
class UserRoleBody extends ClientChoice {}

const roleExample = {
  id: '26a3d3fb4cd6bf23d35b4126be26e5f3',
  name: 'User Admin',
  description: 'Manages users, groups and roles',
};
const notFound = ['user_not_found', 'role_not_found', 'missing_user_id', 'missing_id'] as const;

/** The roles of a user: the same assignments as the users of a role. */
@V1('users/:userId/roles')
export class UserRolesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the roles of a user',
    description: 'The first role is also given by itself, for callers that expect one role.',
    permissions: ['user.manage'],
    example: answer({ ...roleExample, roles: [roleExample] }),
    refuses: ['user_not_found', 'missing_user_id'],
  })
  async list(@Req() request: ApiRequest, @Param('userId', PathId) userId: string): Promise<Success> {
    const at = this.scopes.of(request);
    const held = await this.queries.ask(new ListRolesOfUser(at, userId));
    const roles = held.map(({ id, name, description }) => ({ id, name, description }));
    return answer({ ...roles[0], roles });
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
    const { account } = this.scopes.of(request, body);
    await this.commands.send(request, new AddUserToRole(account, { role_id, user_id }, metaOf(request)));
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
    const { account } = this.scopes.of(request);
    await this.commands.send(request, new RemoveUserFromRole(account, { role_id, user_id }, metaOf(request)));
    return done;
  }

  @Put()
  @v1Operation({
    summary: 'Says that a role id is missing',
    permissions: ['user.manage'],
    refuses: ['missing_id'],
  })
  addNone(@Param('userId') _userId: string): never {
    throw new Rejection('missing_id');
  }

  @Delete()
  @v1Operation({
    summary: 'Says that a role id is missing',
    permissions: ['user.manage'],
    refuses: ['missing_id'],
  })
  removeNone(@Param('userId') _userId: string): never {
    throw new Rejection('missing_id');
  }
}
