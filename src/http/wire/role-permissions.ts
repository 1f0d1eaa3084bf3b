import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Rejection } from '../../domain/rejection.js';
import { RemoveRolePermissions, UpdateRole } from '../../domain/role.js';
import { AcceptsNothing } from '../door/validation.js';
import type { Draft } from './draft.js';
import { IsPermissionList, IsPermissionQuery } from './fields/permission.js';
import { MayBeAbsent } from './fields/presence.js';
import { REPEATABLE } from './fields/use.js';
import { ClientChoice } from './client-choice.js';

interface RoleIds {
  readonly role_id: string;
}

interface RemoveIds extends RoleIds {
  /** Of the query. */
  readonly name?: string | readonly string[] | undefined;
}

export class ReplaceRolePermissionsBody extends ClientChoice {
  @ApiProperty({ type: [String], example: ['user.manage', 'user.view'] })
  @IsPermissionList(REPEATABLE)
  permissions!: string[];

  toCommand({ role_id }: RoleIds): Draft<UpdateRole> {
    const { permissions } = this;
    return (account, meta) => new UpdateRole(account, { role_id, permissions }, meta);
  }
}

export class RemoveRolePermissionsQuery {
  @ApiPropertyOptional({ type: [String], description: 'A permission to remove, besides those of the body' })
  @MayBeAbsent()
  @IsPermissionQuery()
  name?: string | string[];
}

@AcceptsNothing()
export class RemoveRolePermissionsBody extends ClientChoice {
  @ApiPropertyOptional({ type: [String], example: ['user.view'] })
  @MayBeAbsent()
  @IsPermissionList(REPEATABLE)
  permissions?: string[];

  /** @throws Rejection bad_request when neither it nor the query names a permission */
  toCommand({ role_id, name = [] }: RemoveIds): Draft<RemoveRolePermissions> {
    const permissions = [this.permissions ?? [], name].flat();
    if (permissions.length === 0)
      throw new Rejection('bad_request', 'permissions must name at least one permission');
    return (account, meta) => new RemoveRolePermissions(account, { role_id, permissions }, meta);
  }
}
