import { ApiProperty } from '@nestjs/swagger';
import { ReplaceUserPermissions } from '../../domain/user.js';
import type { Draft } from './draft.js';
import { IsPermissionList } from './fields/permission.js';
import { ClientChoice } from './client-choice.js';

export class PermissionsBody extends ClientChoice {
  @ApiProperty({ type: [String], example: ['accounts.read'], description: 'Replaces the whole set' })
  @IsPermissionList()
  permissions!: string[];

  toCommand({ user_id }: { readonly user_id: string }): Draft<ReplaceUserPermissions> {
    const { permissions } = this;
    return (account, meta) => new ReplaceUserPermissions(account, { user_id, permissions }, meta);
  }
}
