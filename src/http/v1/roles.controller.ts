import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { newId } from '../../application/secrets.js';
import { CreateRole, DeleteRole, UpdateRole } from '../../domain/role.js';
import { GetAccount } from '../../read/account.js';
import { GetRole } from '../../read/role.js';
import { ListRoles } from '../../read/roles.js';
import { ListUsersOfRole } from '../../read/users-of-role.js';
import { Commands } from '../door/commands.js';
import { IsName } from '../wire/fields/name.js';
import { IsPermissionList } from '../wire/fields/permission.js';
import { MayBeAbsent, MayBeNull } from '../wire/fields/presence.js';
import { descriptionOf, IsDescription } from '../wire/fields/text.js';
import { REPEATABLE } from '../wire/fields/use.js';
import { everything, FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { answer, created, done, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class CreateRoleBody extends ClientChoice {
  @ApiProperty({ example: 'User Admin' })
  @IsName()
  name!: string;

  @ApiPropertyOptional({ example: 'Manages users, groups and roles' })
  @MayBeNull()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ type: [String], example: ['user.manage'] })
  @MayBeNull()
  @IsPermissionList()
  permissions?: string[] | null;
}

class UpdateRoleBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'User Admin' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  name?: string;

  @ApiPropertyOptional({ example: 'Manages users' })
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ type: [String], example: ['user.manage'], description: 'Replaces the whole set' })
  @MayBeAbsent()
  @IsPermissionList(REPEATABLE)
  permissions?: string[];
}

const rowExample = {
  id: '26a3d3fb4cd6bf23d35b4126be26e5f3',
  name: 'User Admin',
  description: 'Manages users, groups and roles',
};
const userExample = {
  id: 'c17db511dbc00421d0a093fc8c236064',
  first_name: 'Jane',
  last_name: 'Doe',
  email: 'jane.doe@example.com',
};

/** Roles: the built-in ones, the same everywhere, and those of an account. */
@V1('roles')
export class RolesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the roles',
    permissions: ['user.manage'],
    example: list('roles', { rows: [rowExample], total: 1 }, (row) => row),
  })
  async list(@Req() request: ApiRequest, @Query() query: PageQuery): Promise<Success> {
    const page = await this.queries.ask(new ListRoles(this.scopes.of(request), pageOf(query)));
    return list('roles', page, ({ id, name, description }) => ({ id, name, description }));
  }

  @Get(':roleId')
  @v1Operation({
    summary: 'Get a role',
    permissions: ['user.manage'],
    example: answer({
      ...{
        ...rowExample,
        company: 'My Company',
        users: [userExample],
        num_users: 1,
        permissions: ['user.manage'],
      },
    }),
    refuses: ['role_not_found', 'missing_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) roleId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const { id, name, description, permissions, built_in } = await this.queries.ask(new GetRole(at, roleId));
    const company = built_in ? 'N/A' : (await this.queries.ask(new GetAccount(at))).name;
    const detail = { id, company, name, description };
    if (!isFull(query)) return answer(detail);
    const users = await this.queries.ask(new ListUsersOfRole(at, roleId, everything));
    return answer({ ...detail, users: users.rows, num_users: users.total, permissions });
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
    const { account } = this.scopes.of(request, body);
    const { name, description, permissions } = body;
    const role_id = newId();
    const facts = { name, description: description ?? '', permissions: permissions ?? [] };
    await this.commands.send(request, new CreateRole(account, { role_id, ...facts }, metaOf(request)));
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
    const { account } = this.scopes.of(request, body);
    const { name, permissions } = body;
    const data = { role_id, name, description: descriptionOf(body.description), permissions };
    await this.commands.send(request, new UpdateRole(account, data, metaOf(request)));
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
    const { account } = this.scopes.of(request);
    await this.commands.send(request, new DeleteRole(account, { role_id }, metaOf(request)));
    return done;
  }
}
