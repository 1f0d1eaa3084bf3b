import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsObject, ValidateNested } from 'class-validator';
import { openCompany } from '../../application/open-company.js';
import { newApiKey, newId } from '../../application/secrets.js';
import { commandMeta } from '../door/command-meta.js';
import { Commands } from '../door/commands.js';
import { NewPasswords } from '../door/new-passwords.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeNull } from '../wire/fields/presence.js';
import { IsAddress, IsPassword } from '../wire/fields/sign-in.js';
import type { ApiRequest } from '../door/request.js';
import { Nested } from '../door/validation.js';
import { v2Operation } from './operation.js';

class CompanyAdminBody {
  @ApiProperty({ example: 'Ann' })
  @IsName()
  first_name!: string;

  @ApiProperty({ example: 'Archer' })
  @IsName()
  last_name!: string;

  @ApiProperty({ example: 'ann@example.com' })
  @IsAddress()
  email!: string;

  @ApiPropertyOptional({ example: 'tempPassword', nullable: true })
  @MayBeNull()
  @IsPassword()
  password?: string | null;
}

class OpenCompanyBody {
  @ApiProperty({ example: 'Example Ltd' })
  @IsName()
  name!: string;

  @ApiProperty({ type: CompanyAdminBody })
  @IsObject()
  @ValidateNested()
  @Nested(CompanyAdminBody)
  admin!: CompanyAdminBody;
}

/** Companies, for the operator of the service. */
@Controller('api/v2/companies')
@ApiTags('v2 companies')
@ApiBearerAuth('operator')
export class CompaniesController {
  constructor(
    private readonly commands: Commands,
    private readonly passwords: NewPasswords,
  ) {}

  @Post()
  @v2Operation({
    summary: 'Open a company with its first admin',
    callers:
      'For the operator: the Bearer token is MUSTER_OPERATOR_KEY; without that setting there is no such route.',
    status: 201,
    credentialOf: 'operator',
    example: {
      id: '0123456789abcdef0123456789abcdef',
      admin_user_id: 'c17db511dbc00421d0a093fc8c236064',
      api_key: `mk_${'0123456789abcdef'.repeat(2)}_${'x'.repeat(43)}`,
    },
    refuses: ['not_found', 'invalid_email'],
  })
  async open(@Req() request: ApiRequest, @Body() { name, admin }: OpenCompanyBody): Promise<object> {
    const { first_name, last_name, email, password } = admin;
    const sender = {
      via: 'operator',
      actor: { kind: 'operator' },
      credential: { kind: 'operator_key' },
    } as const;
    const meta = commandMeta(request, sender);
    const [account, userId] = [newId(), newId()];
    const apiKey = newApiKey(account);
    const opened = (password_hash: string | null) => {
      const facts = { first_name, last_name, email, password_hash, apiKey, userId };
      return openCompany(account, { name, admin: facts }, meta).command;
    };
    const by = { caller: 'operator', subject: '' };
    if (typeof password === 'string') await this.passwords.send(request, { email, password, by }, opened);
    else await this.commands.send(request, opened(null));
    return { id: account, admin_user_id: userId, api_key: apiKey };
  }
}
