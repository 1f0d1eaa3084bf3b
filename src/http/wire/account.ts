import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, ValidateNested } from 'class-validator';
import { UpdateAccount } from '../../domain/account.js';
import { Nested } from '../door/validation.js';
import type { Draft } from './draft.js';
import { IsId } from './fields/id.js';
import { IsName } from './fields/name.js';
import { MayBeAbsent, MayBeNull } from './fields/presence.js';
import { REPEATABLE } from './fields/use.js';
import { ClientChoice } from './client-choice.js';

const userId = 'c17db511dbc00421d0a093fc8c236064';

class ContactsBody {
  @ApiPropertyOptional({ example: userId, nullable: true })
  @MayBeNull()
  @IsId()
  super_admin?: string | null;

  @ApiPropertyOptional({ example: userId, nullable: true })
  @MayBeNull()
  @IsId()
  technical_contact?: string | null;

  @ApiPropertyOptional({ example: userId, nullable: true })
  @MayBeNull()
  @IsId()
  business_contact?: string | null;
}

export class UpdateAccountBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'My Company' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  name?: string;

  @ApiPropertyOptional({ description: 'Ids of users of the account', type: ContactsBody })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Nested(ContactsBody)
  contacts?: ContactsBody;

  toCommand(): Draft<UpdateAccount> {
    const { name, contacts } = this;
    return (account, meta) => new UpdateAccount(account, { name, contacts }, meta);
  }
}
