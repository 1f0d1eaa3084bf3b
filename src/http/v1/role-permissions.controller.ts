import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Rejection } from '../../domain/rejection.js';
import { RemoveRolePermissions, UpdateRole } from '../../domain/role.js';
import { GetRole } from '../../read/role.js';
import { Commands } from '../door/commands.js';
import { IsPermissionList, IsPermissionQuery } from '../wire/fields/permission.js';
import { MayBeAbsent } from '../wire/fields/presence.js';
import { REPEATABLE } from '../wire/fields/use.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { AcceptsNothing } from '../door/validation.js';
import { answer, done, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class ReplaceRolePermissionsBody extends ClientChoice {
  @ApiProperty({ type: [String], example: ['user.manage', 'user.view'] })
  @IsPermissionList(REPEATABLE)
  permissions!: string[];
}

@AcceptsNothing()
class RemoveRolePermissionsBody extends ClientChoice {
  @ApiPropertyOptional({ type: [String], example: ['user.view'] })
  @MayBeAbsent()
  @IsPermissionList(REPEATABLE)
  permissions?: string[];
}

class RemoveRolePermissionsQuery {
  @ApiPropertyOptional({ type: [String], description: 'A permission to remove, besides those of the body' })
  @MayBeAbsent()
  @IsPermissionQuery()
  name?: string | string[];
}

const notFound = ['role_not_found', 'missing_id'] as const;

/** The permissions of a role. They are read whole, never by the page: they are there to be sent back. */
@V1('roles/:roleId/permissions')
export class RolePermissionsController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the permissions of a role',
    permissions: ['user.manage'],
    example: answer({ permissions: ['user.manage', 'user.view'] }),
    refuses: notFound,
  })
  async list(@Req() request: ApiRequest, @Param('roleId', PathId) roleId: string): Promise<Success> {
    const at = this.scopes.of(request);
    const { permissions } = await this.queries.ask(new GetRole(at, roleId));
    return answer({ permissions });
  }

  @Put()
  @v1Operation({
    summary: 'Replace the permissions of a role',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'built_in_role', 'permission_escalation'],
  })
  async replace(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) role_id: string,
    @Body() body: ReplaceRolePermissionsBody,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, body);
    const { permissions } = body;
    await this.commands.send(request, new UpdateRole(account, { role_id, permissions }, metaOf(request)));
    return done;
  }

  @Delete()
  @v1Operation({
    summary: 'Remove permissions from a role',
    description:
      'Removes those that the body or the query names. Permissions that the role does not have are skipped.',
    permissions: ['user.manage'],
    example: done,
    refuses: [...notFound, 'built_in_role'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('roleId', PathId) role_id: string,
    @Body() body: RemoveRolePermissionsBody,
    @Query() { name = [] }: RemoveRolePermissionsQuery,
  ): Promise<Success> {
    const permissions = [...(body.permissions ?? []), ...(typeof name === 'string' ? [name] : name)];
    if (permissions.length === 0)
      throw new Rejection('bad_request', 'permissions must name at least one permission');
    const { account } = this.scopes.of(request, body);
    const data = { role_id, permissions };
    await this.commands.send(request, new RemoveRolePermissions(account, data, metaOf(request)));
    return done;
  }
}
