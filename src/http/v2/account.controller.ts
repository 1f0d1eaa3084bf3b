import { Body, Get, Patch, Req } from '@nestjs/common';
import { type AccountView, GetAccount } from '../../read/account.js';
import { known } from '../door/commands.js';
import { Door } from '../door/door.js';
import { sparseExample } from '../openapi/example-schema.js';
import type { ApiRequest } from '../door/request.js';
import { UpdateAccountBody } from '../wire/account.js';
import { V2, v2Operation } from './operation.js';

const userId = 'c17db511dbc00421d0a093fc8c236064';

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
    past: 'as_of',
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
    const { after, account } = await this.door.write(request, body, body.toCommand());
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
