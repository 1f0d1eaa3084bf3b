import { Body, Get, Param, Put, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type ResourceName, SetClientResources } from '../../domain/client-resources.js';
import { type ClientResourceView, ListClientResources } from '../../read/client-resources.js';
import { Commands } from '../door/commands.js';
import { IsResourceList } from '../wire/fields/resource.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { answer, done, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class ResourcesBody {
  @ApiProperty({
    example: [
      { name: 'api.requests.perDay', value: 5000 },
      { name: 'company.seats', value: -1 },
    ],
  })
  @IsResourceList()
  resources!: { readonly name: ResourceName; readonly value: number }[];
}

const example: readonly ClientResourceView[] = [
  { name: 'api.requests.perDay', value: 5000 },
  { name: 'dashboard.combined.total', value: -1 },
  { name: 'company.seats', value: -1 },
  { name: 'published.private.links', value: -1 },
];
const enforced =
  '`company.seats` are the seats of the client. The other numbers are stored and shown, and not enforced.';

/** How much a client account may have of what; -1 is any number. */
@V1('clients/:clientId/resources')
export class ClientResourcesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'Get the resources of a client account',
    description: enforced,
    permissions: ['client.access'],
    isScoped: false,
    example: answer({ resources: example }),
    refuses: ['client_not_found', 'missing_id'],
  })
  async list(@Req() request: ApiRequest, @Param('clientId', PathId) clientId: string): Promise<Success> {
    const at = this.scopes.clientOf(request, clientId);
    const resources = await this.queries.ask(new ListClientResources(at));
    return answer({ resources });
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
    this.scopes.requireClient(request, clientId);
    const resources = Object.fromEntries(body.resources.map(({ name, value }) => [name, value]));
    await this.commands.send(request, new SetClientResources(clientId, { resources }, metaOf(request)));
    return done;
  }
}
