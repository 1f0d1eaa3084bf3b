import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CreateGroup, UpdateGroup } from '../../domain/group.js';
import type { Draft } from './draft.js';
import { IsExternalId } from './fields/id.js';
import { IsName } from './fields/name.js';
import { IsPermissionList } from './fields/permission.js';
import { MayBeAbsent, MayBeNull } from './fields/presence.js';
import { IsDescription } from './fields/text.js';
import { REPEATABLE } from './fields/use.js';
import { descriptionOf, externalIdOf } from './normal-form.js';
import { ClientChoice } from './client-choice.js';

interface GroupIds {
  readonly group_id: string;
}

export class CreateGroupBody extends ClientChoice {
  @ApiProperty({ example: 'New Group' })
  @IsName()
  name!: string;

  @ApiPropertyOptional({ example: 'A brand new group' })
  @MayBeNull()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ type: String, example: 'group_api', nullable: true })
  @MayBeNull()
  @IsExternalId()
  external_id?: string | null;

  toCommand(ids: GroupIds): Draft<CreateGroup> {
    return createGroup(ids, this);
  }
}

/** A new group with its permissions. */
export class CreateUserGroupBody extends ClientChoice {
  @ApiProperty({ example: 'Administrators' })
  @IsName()
  name!: string;

  @ApiProperty({ type: [String], example: ['accounts.create', 'accounts.read'] })
  @IsPermissionList()
  permissions!: string[];

  @ApiPropertyOptional({ example: 'Those who administrate' })
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ example: 'idp-17' })
  @MayBeAbsent()
  @IsExternalId()
  external_id?: string | null;

  toCommand(ids: GroupIds): Draft<CreateGroup> {
    return createGroup(ids, this);
  }
}

export class UpdateGroupBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Managers' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  name?: string;

  @ApiPropertyOptional({ example: 'Updated description' })
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null or an empty text clears it' })
  @MayBeAbsent()
  @IsExternalId(REPEATABLE)
  external_id?: string | null;

  toCommand(ids: GroupIds): Draft<UpdateGroup> {
    return updateGroup(ids, this);
  }
}

/** Changes of a group and its permissions. */
export class UpdateUserGroupBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Administrators' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  name?: string;

  @ApiPropertyOptional({ type: [String], example: ['accounts.read'], description: 'Replaces the whole set' })
  @MayBeAbsent()
  @IsPermissionList(REPEATABLE)
  permissions?: string[];

  @ApiPropertyOptional({ example: 'Those who administrate' })
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ example: 'idp-17', description: 'null or an empty text clears it' })
  @MayBeAbsent()
  @IsExternalId(REPEATABLE)
  external_id?: string | null;

  toCommand(ids: GroupIds): Draft<UpdateGroup> {
    return updateGroup(ids, this);
  }
}

function createGroup(
  { group_id }: GroupIds,
  body: CreateGroupBody | CreateUserGroupBody,
): Draft<CreateGroup> {
  const { name } = body;
  const description = descriptionOf(body.description) ?? '';
  const external_id = externalIdOf(body.external_id) ?? null;
  const permissions = 'permissions' in body ? body.permissions : [];
  const data = { group_id, name, description, external_id, permissions };
  return (account, meta) => new CreateGroup(account, data, meta);
}

function updateGroup(
  { group_id }: GroupIds,
  body: UpdateGroupBody | UpdateUserGroupBody,
): Draft<UpdateGroup> {
  const { name } = body;
  const description = descriptionOf(body.description);
  const external_id = externalIdOf(body.external_id);
  const permissions = 'permissions' in body ? body.permissions : undefined;
  const data = { group_id, name, description, external_id, permissions };
  return (account, meta) => new UpdateGroup(account, data, meta);
}
