import { Body, Param, Post, Req } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { EnableClientDirectBilling, ExtendClientTrial } from '../../domain/client-billing.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { AcceptsNothing } from '../door/validation.js';
import { V1, v1Operation } from './operation.js';
import { requested, type Success } from './envelope.js';

/** There is nothing to say; what is no JSON is refused all the same (T017). */
@AcceptsNothing()
class ClientOperationBody {}

/** What is done to a client account by its name. */
@V1('clients/:clientId/@')
export class ClientOperationsController {
  constructor(
    private readonly door: Door,
    private readonly clock: Clock,
  ) {}

  @Post('extend_trial')
  @v1Operation({
    summary: 'Extend the trial of a client account',
    description: 'By 14 days, from its end or from now, whichever is later.',
    permissions: ['client.edit'],
    isScoped: false,
    example: requested('extend_trial'),
    refuses: ['client_not_found', 'missing_id', 'client_not_in_trial'],
  })
  async extendTrial(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Body() _body: ClientOperationBody,
  ): Promise<Success> {
    const data = { now: this.clock.timestamp() };
    await this.door.writeClient(
      request,
      clientId,
      (client, meta) => new ExtendClientTrial(client, data, meta),
    );
    return requested('extend_trial');
  }

  @Post('enable_direct_billing')
  @v1Operation({
    summary: 'Have a client account billed directly',
    description: 'Kept and shown with `full`; nothing else here depends on it.',
    permissions: ['client.edit'],
    isScoped: false,
    example: requested('enable_direct_billing'),
    refuses: ['client_not_found', 'missing_id'],
  })
  async enableDirectBilling(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Body() _body: ClientOperationBody,
  ): Promise<Success> {
    await this.door.writeClient(
      request,
      clientId,
      (client, meta) => new EnableClientDirectBilling(client, {}, meta),
    );
    return requested('enable_direct_billing');
  }
}
