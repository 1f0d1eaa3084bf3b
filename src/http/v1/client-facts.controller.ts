import { Body, Delete, Param, Put, Req } from '@nestjs/common';
import { CloseClient } from '../../domain/client.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { UpdateClientBody } from '../wire/clients.js';
import { done, type Success } from './envelope.js';

/** What a client account is, changed by its company. */
@V1('clients/:clientId')
export class ClientFactsController {
  constructor(private readonly door: Door) {}

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
    await this.door.writeClient(request, clientId, body.toCommand());
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
    await this.door.writeClient(request, clientId, (client, meta) => new CloseClient(client, {}, meta));
    return done;
  }
}
