import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { AddUserToGroup } from '../../domain/membership.js';
import { AcceptsNothing } from '../door/validation.js';
import type { Draft } from './draft.js';
import { flag, IsFlag } from './fields/flag.js';
import { IsId } from './fields/id.js';
import { MayBeAbsent } from './fields/presence.js';
import { ClientChoice } from './client-choice.js';

interface Named {
  readonly user_id: string;
  readonly group_id: string;
  /** Of the query, which wins over the body. */
  readonly can_edit?: string | undefined;
}

export class MembershipQuery {
  @ApiPropertyOptional({ description: 'As in the body; this one wins', enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  can_edit?: string;
}

/** How a user is in a group that the path names. */
@AcceptsNothing()
export class GroupUserBody extends ClientChoice {
  @ApiPropertyOptional({ type: Boolean, description: 'Whether the member may edit the group' })
  @MayBeAbsent()
  @IsFlag()
  can_edit?: boolean | string;

  toCommand(named: Named): Draft<AddUserToGroup> {
    return addUserToGroup(named, this);
  }
}

/** How a user is in a group, and in which. */
@AcceptsNothing()
export class MembershipBody extends ClientChoice {
  @ApiPropertyOptional({ type: Boolean, description: 'Whether the member may edit the group' })
  @MayBeAbsent()
  @IsFlag()
  can_edit?: boolean | string;

  @ApiPropertyOptional({ description: 'Id of the group, when the path does not name it' })
  @MayBeAbsent()
  @IsId()
  group_id?: string;

  toCommand(named: Named): Draft<AddUserToGroup> {
    return addUserToGroup(named, this);
  }
}

/** How a user is in a group, with a JSON boolean alone. */
@AcceptsNothing()
export class MemberBody extends ClientChoice {
  @ApiPropertyOptional({ example: true, description: 'Whether the member may edit the group' })
  @MayBeAbsent()
  @IsBoolean()
  can_edit?: boolean;

  toCommand(named: Named): Draft<AddUserToGroup> {
    return addUserToGroup(named, this);
  }
}

function addUserToGroup(
  { user_id, group_id, can_edit }: Named,
  body: { readonly can_edit?: boolean | string },
): Draft<AddUserToGroup> {
  const data = { user_id, group_id, can_edit: flag(can_edit ?? body.can_edit) };
  return (account, meta) => new AddUserToGroup(account, data, meta);
}
