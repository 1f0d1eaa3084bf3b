import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { newId } from '../../application/secrets.js';
import { DeleteRole } from '../../domain/role.js';
import { GetAccount } from '../../read/account.js';
import { GetRole } from '../../read/role.js';
import { ListRoles } from '../../read/roles.js';
import { ListUsersOfRole } from '../../read/users-of-role.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { CreateRoleBody, UpdateRoleBody } from '../wire/roles.js';
import { answer, created, cutNote, done, embedded, list, listExample, type Success } from './envelope.js';
import { linkWithin } from './link.js';
import { roleDetailExample, roleExample, roleRow } from './role.js';
import { userName } from './user.js';

/** Roles: the built-in ones, the same everywhere, and those of an account. */
@V1('roles')
export class RolesController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the roles',
    past: 'as_of',
    permissions: ['user.manage'],
    example: listExample('roles', roleExample),
  })
  async list(@Req() request: ApiRequest, @Query() query: PageQuery): Promise<Success> {
    const page = await this.door.read(request, (at) => new ListRoles(at, pageOf(query)));
    return list('roles', page, roleRow);
  }

  @Get(':roleId')
  @v1Operation({
    summary: 'Get a role',
    large: 'with associations',
    past: 'as_of',
    description: cutNote,
    permissions: ['user.manage'],
    example: answer(roleDetailExample),
    refuses: ['role_not_found', 'missing_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) roleId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.door.at(request);
    const { id, name, description, permissions, built_in } = await this.door.ask(new GetRole(at, roleId));
    const company = built_in ? 'N/A' : (await this.door.ask(new GetAccount(at))).name;
    const detail = { id, company, name, description };
    if (!isFull(query)) return answer(detail);
    const room = this.door.room();
    const users = await this.door.embed(room, (page) => new ListUsersOfRole(at, roleId, page));
    const listed = embedded('users', users, userName, linkWithin(request)(`/roles/${roleId}/users`));
    return answer({ ...detail, ...listed, num_users: users.total, permissions });
  }

  @Post()
  @v1Operation({
    summary: 'Create a role',
    permissions: ['user.manage'],
    status: 201,
    example: created('/roles/26a3d3fb4cd6bf23d35b4126be26e5f3'),
    refuses: ['permission_escalation'],
  })
  async create(@Req() request: ApiRequest, @Body() body: CreateRoleBody): Promise<Success> {
    const role_id = newId();
    await this.door.write(request, body, body.toCommand({ role_id }));
    return created(`/roles/${role_id}`);
  }

  @Put(':roleId')
  @v1Operation({
    summary: 'Update a role',
    description: 'Only the fields that are sent change.',
    permissions: ['user.manage'],
    example: done,
    refuses: ['role_not_found', 'missing_id', 'built_in_role', 'permission_escalation'],
  })
  async update(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) role_id: string,
    @Body() body: UpdateRoleBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ role_id }));
    return done;
  }

  @Delete(':roleId')
  @v1Operation({
    summary: 'Delete a role',
    description: 'Users with the role lose it and stay users.',
    permissions: ['user.manage'],
    example: done,
    refuses: ['role_not_found', 'missing_id', 'built_in_role'],
  })
  async delete(@Req() request: ApiRequest, @Param('roleId', PathId) role_id: string): Promise<Success> {
    await this.door.write(request, undefined, (account, meta) => new DeleteRole(account, { role_id }, meta));
    return done;
  }
}
