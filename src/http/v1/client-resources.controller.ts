import { Body, Get, Param, Put, Req } from '@nestjs/common';
import { ListClientResources } from '../../read/client-resources.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { ResourcesBody } from '../wire/client-resources.js';
import { resourceRow, resourcesExample } from './client.js';
import { answer, done, type Success } from './envelope.js';

const enforced =
  '`company.seats` are the seats of the client. The other numbers are stored and shown, and not enforced.';

/** How much a client account may have of what; -1 is any number. */
@V1('clients/:clientId/resources')
export class ClientResourcesController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'Get the resources of a client account',
    description: enforced,
    permissions: ['client.access'],
    isScoped: false,
    example: answer({ resources: resourcesExample }),
    refuses: ['client_not_found', 'missing_id'],
  })
  async list(@Req() request: ApiRequest, @Param('clientId', PathId) clientId: string): Promise<Success> {
    const resources = await this.door.readClient(request, clientId, (at) => new ListClientResources(at));
    return answer({ resources: resources.map(resourceRow) });
  }

  @Put()
  @v1Operation({
    summary: 'Set resources of a client account',
    description: `Those that are not sent stay. ${enforced}`,
    permissions: ['client.edit'],
    isScoped: false,
    example: done,
    refuses: ['client_not_found', 'missing_id'],
  })
  async set(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Body() body: ResourcesBody,
  ): Promise<Success> {
    await this.door.writeClient(request, clientId, body.toCommand());
    return done;
  }
}
