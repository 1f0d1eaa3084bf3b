import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { type ClientStatus, clientStatuses } from '../../domain/client-status.js';
import { OpenClient, UpdateClient } from '../../domain/client.js';
import type { Draft } from './draft.js';
import { IsExternalId } from './fields/id.js';
import { IsName } from './fields/name.js';
import { MayBeAbsent, MayBeNull } from './fields/presence.js';
import { IsAmount } from './fields/resource.js';
import { IsDescription } from './fields/text.js';
import { REPEATABLE } from './fields/use.js';
import { descriptionOf, externalIdOf } from './normal-form.js';

export class CreateClientBody {
  @ApiProperty({ example: 'Acme' })
  @IsName()
  name!: string;

  @ApiPropertyOptional({ example: 'Since 2019' })
  @MayBeNull()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ enum: clientStatuses, default: 'active' })
  @MayBeAbsent()
  @IsIn(clientStatuses)
  status?: ClientStatus;

  @ApiPropertyOptional({ description: 'How many users it may have, -1 for any number', default: -1 })
  @MayBeNull()
  @IsAmount()
  seats?: number | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  @MayBeNull()
  @IsName()
  custom_theme?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'crm-4711' })
  @MayBeNull()
  @IsExternalId()
  external_id?: string | null;

  /** A command for the account that is new. @param ids `parent_id` is its company */
  toCommand(ids: { readonly parent_id: string; readonly all_users_group_id: string }): Draft<OpenClient> {
    const { name, status = 'active', seats, custom_theme } = this;
    const description = descriptionOf(this.description) ?? '';
    const external_id = externalIdOf(this.external_id) ?? null;
    const facts = { name, description, status, seats: seats ?? -1, custom_theme: custom_theme ?? null };
    return (account, meta) => new OpenClient(account, { ...ids, ...facts, external_id }, meta);
  }
}

export class UpdateClientBody {
  @ApiPropertyOptional({ example: 'Acme' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  name?: string;

  @ApiPropertyOptional({ example: 'Since 2019' })
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ enum: clientStatuses })
  @MayBeAbsent()
  @IsIn(clientStatuses)
  status?: ClientStatus;

  @ApiPropertyOptional({ description: 'How many users it may have, -1 for any number', example: 25 })
  @MayBeAbsent()
  @IsAmount()
  seats?: number;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null or an empty text clears it' })
  @MayBeAbsent()
  @IsExternalId(REPEATABLE)
  external_id?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null clears it' })
  @MayBeNull()
  @IsName(REPEATABLE)
  custom_theme?: string | null;

  toCommand(): Draft<UpdateClient> {
    const { name, status, seats, custom_theme } = this;
    const description = descriptionOf(this.description);
    const external_id = externalIdOf(this.external_id);
    const data = { name, description, status, seats, external_id, custom_theme };
    return (account, meta) => new UpdateClient(account, data, meta);
  }
}
