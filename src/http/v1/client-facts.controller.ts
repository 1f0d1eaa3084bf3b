import { Body, Delete, Param, Put, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { type ClientStatus, clientStatuses } from '../../domain/client-status.js';
import { CloseClient, UpdateClient } from '../../domain/client.js';
import { Commands } from '../door/commands.js';
import { IsExternalId } from '../wire/fields/id.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeAbsent, MayBeNull } from '../wire/fields/presence.js';
import { IsAmount } from '../wire/fields/resource.js';
import { descriptionOf, IsDescription } from '../wire/fields/text.js';
import { REPEATABLE } from '../wire/fields/use.js';
import { PathId } from '../door/path-id.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { done, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class UpdateClientBody {
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
}

/** What a client account is, changed by its company. */
@V1('clients/:clientId')
export class ClientFactsController {
  constructor(
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Put()
  @v1Operation({
    summary: 'Update a client account',
    description:
      'Only the fields that are sent change. A client that was ever active cannot be in setup or on trial again. ' +
      'While it is disabled its own users cannot sign in. There may be fewer seats than users: they stay.',
    permissions: ['client.edit'],
    isScoped: false,
    example: done,
    refuses: ['client_not_found', 'missing_id', 'client_status_transition', 'external_id_in_use'],
  })
  async update(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Body() body: UpdateClientBody,
  ): Promise<Success> {
    this.scopes.requireClient(request, clientId);
    const { name, status, seats, custom_theme } = body;
    const description = descriptionOf(body.description);
    const external_id = body.external_id === '' ? null : body.external_id;
    const data = { name, description, status, seats, external_id, custom_theme };
    await this.commands.send(request, new UpdateClient(clientId, data, metaOf(request)));
    return done;
  }

  @Delete()
  @v1Operation({
    summary: 'Close a client account',
    description:
      'All users, groups and roles in it end, and its users can no longer sign in. This cannot be reversed.',
    permissions: ['client.delete'],
    isScoped: false,
    example: done,
    refuses: ['client_not_found', 'missing_id'],
  })
  async close(@Req() request: ApiRequest, @Param('clientId', PathId) clientId: string): Promise<Success> {
    this.scopes.requireClient(request, clientId);
    await this.commands.send(request, new CloseClient(clientId, {}, metaOf(request)));
    return done;
  }
}
