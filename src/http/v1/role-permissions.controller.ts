import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { GetRole } from '../../read/role.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import {
  RemoveRolePermissionsBody,
  RemoveRolePermissionsQuery,
  ReplaceRolePermissionsBody,
} from '../wire/role-permissions.js';
import { answer, done, type Success } from './envelope.js';

const notFound = ['role_not_found', 'missing_id'] as const;

/** The permissions of a role. They are read whole, never by the page: they are there to be sent back. */
@V1('roles/:roleId/permissions')
export class RolePermissionsController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the permissions of a role',
    past: 'as_of',
    permissions: ['user.manage'],
    example: answer({ permissions: ['user.manage', 'user.view'] }),
    refuses: notFound,
  })
  async list(@Req() request: ApiRequest, @Param('roleId', PathId) roleId: string): Promise<Success> {
    const { permissions } = await this.door.read(request, (at) => new GetRole(at, roleId));
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
    await this.door.write(request, body, body.toCommand({ role_id }));
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
    @Query() { name }: RemoveRolePermissionsQuery,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ role_id, name }));
    return done;
  }
}
