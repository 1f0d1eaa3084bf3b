import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CreateUser, UpdateUser } from '../../domain/user.js';
import type { Draft } from './draft.js';
import { IsFlag } from './fields/flag.js';
import { IsExternalId, IsIdList } from './fields/id.js';
import { IsName } from './fields/name.js';
import { MayBeAbsent, MayBeNull } from './fields/presence.js';
import { IsAddress, IsPassword } from './fields/sign-in.js';
import { REPEATABLE } from './fields/use.js';
import { externalIdOf } from './normal-form.js';
import { ClientChoice } from './client-choice.js';

export class CreateUserBody extends ClientChoice {
  @ApiProperty({ example: 'Jane' })
  @IsName()
  first_name!: string;

  @ApiProperty({ example: 'Doe' })
  @IsName()
  last_name!: string;

  @ApiProperty({ example: 'jane.doe@example.com' })
  @IsAddress()
  email!: string;

  @ApiProperty({ type: [String], example: ['a0000000000000000000000000000002'] })
  @IsIdList()
  roles!: string[];

  @ApiPropertyOptional({ example: 'tempPassword' })
  @MayBeNull()
  @IsPassword()
  password?: string | null;

  @ApiPropertyOptional({ type: String, example: 'hr-17', nullable: true })
  @MayBeNull()
  @IsExternalId()
  external_id?: string | null;

  @ApiPropertyOptional({ type: Boolean, description: 'As in the query, which wins' })
  @MayBeNull()
  @IsFlag()
  send_email?: boolean | string;

  /** @param ids `mail_id` for a user who is sent a welcome mail; `password_hash` of the password, if there is one */
  toCommand(ids: {
    readonly user_id: string;
    readonly mail_id?: string | undefined;
    readonly password_hash: string | null;
  }): Draft<CreateUser> {
    const { first_name, last_name, email, roles } = this;
    const external_id = externalIdOf(this.external_id) ?? null;
    const data = { ...ids, first_name, last_name, email, external_id, roles };
    return (account, meta) => new CreateUser(account, data, meta);
  }
}

export class UpdateUserBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Janet' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  first_name?: string;

  @ApiPropertyOptional({ example: 'Doe' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  last_name?: string;

  @ApiPropertyOptional({ example: 'janet.doe@example.com' })
  @MayBeAbsent()
  @IsAddress(REPEATABLE)
  email?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null or an empty text clears it' })
  @MayBeAbsent()
  @IsExternalId(REPEATABLE)
  external_id?: string | null;

  toCommand({ user_id }: { readonly user_id: string }): Draft<UpdateUser> {
    const { first_name, last_name, email } = this;
    const data = { user_id, first_name, last_name, email, external_id: externalIdOf(this.external_id) };
    return (account, meta) => new UpdateUser(account, data, meta);
  }
}
