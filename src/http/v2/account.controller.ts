import { Body, Get, Patch, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, ValidateNested } from 'class-validator';
import { UpdateAccount } from '../../domain/account.js';
import { type AccountView, GetAccount } from '../../read/account.js';
import { known } from '../door/commands.js';
import { Door } from '../door/door.js';
import { IsId } from '../wire/fields/id.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeAbsent, MayBeNull } from '../wire/fields/presence.js';
import { REPEATABLE } from '../wire/fields/use.js';
import { sparseExample } from '../openapi/example-schema.js';
import type { ApiRequest } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Nested } from '../door/validation.js';
import { V2, v2Operation } from './operation.js';

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

class UpdateAccountBody extends ClientChoice {
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
}

const example = {
  id: '0123456789abcdef0123456789abcdef',
  name: 'Acme',
  parent_id: 'fedcba9876543210fedcba9876543210',
  contacts: sparseExample({ super_admin: userId, technical_contact: userId, business_contact: userId }),
};

/** The account itself: its name and its contacts. */
@V2('account')
export class AccountController {
  constructor(private readonly door: Door) {}

  @Get()
  @v2Operation({
    summary: 'Get the account',
    description: '`parent_id` is there for a client account. A contact that is not assigned is null.',
    example,
  })
  async get(@Req() request: ApiRequest): Promise<object> {
    return shape(await this.door.read(request, (at) => new GetAccount(at)));
  }

  @Patch()
  @v2Operation({
    summary: 'Rename the account, name its contacts',
    description:
      'Only the fields that are sent change. A contact that is not assigned may be null. An assigned contact can only be given to another user.',
    permissions: ['account.settings'],
    example,
  })
  async update(@Req() request: ApiRequest, @Body() body: UpdateAccountBody): Promise<object> {
    const { name, contacts } = body;
    const { after, account } = await this.door.write(
      request,
      body,
      (id, meta) => new UpdateAccount(id, { name, contacts }, meta),
    );
    return shape({ ...known(after.account), id: account });
  }
}

function shape({ id, name, parent_id, contacts }: AccountView): object {
  const { super_admin, technical_contact, business_contact } = contacts;
  return {
    ...{ id, name, ...(parent_id === null ? {} : { parent_id }) },
    contacts: { super_admin, technical_contact, business_contact },
  };
}
