import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CreateRole, UpdateRole } from '../../domain/role.js';
import type { Draft } from './draft.js';
import { IsName } from './fields/name.js';
import { IsPermissionList } from './fields/permission.js';
import { MayBeAbsent, MayBeNull } from './fields/presence.js';
import { IsDescription } from './fields/text.js';
import { REPEATABLE } from './fields/use.js';
import { descriptionOf } from './normal-form.js';
import { ClientChoice } from './client-choice.js';

interface RoleIds {
  readonly role_id: string;
}

export class CreateRoleBody extends ClientChoice {
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

  toCommand({ role_id }: RoleIds): Draft<CreateRole> {
    const { name, permissions } = this;
    const description = descriptionOf(this.description) ?? '';
    const data = { role_id, name, description, permissions: permissions ?? [] };
    return (account, meta) => new CreateRole(account, data, meta);
  }
}

export class UpdateRoleBody extends ClientChoice {
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

  toCommand({ role_id }: RoleIds): Draft<UpdateRole> {
    const { name, permissions } = this;
    const data = { role_id, name, description: descriptionOf(this.description), permissions };
    return (account, meta) => new UpdateRole(account, data, meta);
  }
}
